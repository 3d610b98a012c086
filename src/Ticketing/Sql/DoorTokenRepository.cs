using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;
using Gatehouse.Ticketing.Services;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Ticketing.Sql;

internal sealed class DoorTokenRepository([FromKeyedServices(TicketingModule.DatabaseName)] Database database)
    : IDoorTokenRepository
{
    public Task Insert(UnitOfWork unit, DoorToken token) => unit.Execute(Sql.Insert, new
    {
        eventId = token.Event.Value,
        id = token.Id,
        name = token.Name,
        hash = token.Hash,
        createdAt = token.CreatedAt,
        expiresAt = token.ExpiresAt,
    });

    public async Task<int> Count(UnitOfWork unit, EventId of) =>
        (int)await unit.QueryFirst<long>(Sql.Count, new { eventId = of.Value });

    public async Task<bool> Delete(UnitOfWork unit, EventId of, Guid id) =>
        await unit.Execute(Sql.Delete, new { eventId = of.Value, id }) == 1;

    public async Task<IReadOnlyList<DoorToken>> List(EventId of, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        var rows = await session.Query<DoorTokenRow>(Sql.List, new { eventId = of.Value });
        return rows.Column(row => row.ToDomain());
    }

    public async Task<DoorToken?> Find(string hash, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        return (await session.QueryFirst<DoorTokenRow>(Sql.Find, new { hash }))?.ToDomain();
    }

    public async Task<UserId?> FindOrganizer(EventId of, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        var found = await session.QueryFirst<Guid?>(Sql.FindOrganizer, new { eventId = of.Value });
        return found is { } id ? new UserId(id) : null;
    }

    private sealed class DoorTokenRow
    {
        public Guid EventId { get; init; }

        public Guid Id { get; init; }

        public string Name { get; init; } = "";

        public string Hash { get; init; } = "";

        public DateTimeOffset CreatedAt { get; init; }

        public DateTimeOffset ExpiresAt { get; init; }

        public DoorToken ToDomain() => new(Id, new EventId(EventId), Name, Hash, CreatedAt, ExpiresAt);
    }

    private static class Sql
    {
        public const string Insert =
            """
            INSERT INTO door_tokens (event_id, id, name, hash, created_at, expires_at)
            VALUES (@eventId, @id, @name, @hash, @createdAt, @expiresAt)
            """;

        public const string Count =
            """
            SELECT COUNT(*)
            FROM door_tokens
            WHERE event_id = @eventId
            """;

        public const string Delete =
            """
            DELETE FROM door_tokens
            WHERE event_id = @eventId AND id = @id
            """;

        public const string List =
            """
            SELECT event_id, id, name, hash, created_at, expires_at
            FROM door_tokens
            WHERE event_id = @eventId
            ORDER BY id DESC
            """;

        public const string Find =
            """
            SELECT event_id, id, name, hash, created_at, expires_at
            FROM door_tokens
            WHERE hash = @hash
            """;

        public const string FindOrganizer =
            """
            SELECT organizer_id
            FROM events
            WHERE id = @eventId
            """;
    }
}
