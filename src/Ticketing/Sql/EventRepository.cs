using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;
using Gatehouse.Ticketing.Services;

namespace Gatehouse.Ticketing.Sql;

internal sealed class EventRepository : IEventRepository
{
    public async Task<bool> Insert(UnitOfWork unit, Event of, Pool pool)
    {
        if (await unit.Execute(Sql.Insert, Args(of)) == 0)
        {
            return false;
        }

        await unit.Execute(Sql.InsertPool, new { eventId = of.Id.Value, id = pool.Id, size = pool.Size });
        return true;
    }

    public async Task<(Event Event, Pool Pool)?> Lock(UnitOfWork unit, EventId id)
    {
        var row = await unit.QueryFirst<LockedRow>(
            unit.Text(Sql.Lock.Sqlite, Sql.Lock.Postgres), new { id = id.Value });
        return row is null ? null : (row.ToEvent(), row.ToPool());
    }

    public async Task Update(UnitOfWork unit, Event of, Pool pool)
    {
        var changed = await unit.Execute(Sql.Update, Args(of));
        changed += await unit.Execute(Sql.Resize, new { eventId = of.Id.Value, id = pool.Id, size = pool.Size });
        if (changed != 2)
        {
            throw new InvalidOperationException($"Event {of.Id} or its pool moved under a lock.");
        }
    }

    public async Task<bool> Delete(UnitOfWork unit, EventId id)
    {
        await unit.Execute(Sql.DeletePools, new { id = id.Value });
        return await unit.Execute(Sql.Delete, new { id = id.Value }) > 0;
    }

    private static object Args(Event of) => new
    {
        id = of.Id.Value,
        organizerId = of.Organizer.Value,
        slug = of.Slug,
        name = of.Details.Name,
        description = of.Details.Description,
        venue = of.Details.Venue,
        startAt = of.Details.StartAt,
        endAt = of.Details.EndAt,
        timeZone = of.Details.TimeZone,
        price = of.Details.Price.Minor,
        currency = of.Details.Price.Currency.Code,
        status = of.Status.ToText(),
        version = of.Version,
        createdAt = of.CreatedAt,
    };

    private sealed class LockedRow
    {
        public Guid Id { get; init; }

        public Guid OrganizerId { get; init; }

        public string Slug { get; init; } = "";

        public string Name { get; init; } = "";

        public string? Description { get; init; }

        public string? Venue { get; init; }

        public DateTimeOffset StartAt { get; init; }

        public DateTimeOffset EndAt { get; init; }

        public string TimeZone { get; init; } = "";

        public long Price { get; init; }

        public string Currency { get; init; } = "";

        public string Status { get; init; } = "";

        public int Version { get; init; }

        public DateTimeOffset CreatedAt { get; init; }

        public Guid PoolId { get; init; }

        public int Size { get; init; }

        public int Held { get; init; }

        public int Sold { get; init; }

        public Pool ToPool() => new(PoolId, Size, Held, Sold);

        public Event ToEvent() => new(
            new EventId(Id),
            new UserId(OrganizerId),
            Slug,
            new CheckedDetails(
                Name,
                Description,
                Venue,
                StartAt,
                EndAt,
                TimeZone,
                Size,
                new Money(Price, Kernel.Currency.Parse(Currency))),
            EventStatuses.Parse(Status)!.Value,
            Version,
            CreatedAt);
    }

    private static class Sql
    {
        public const string Insert =
            """
            INSERT INTO events (
                id, organizer_id, slug, name, description, venue, start_at, end_at, time_zone,
                price, currency, status, version, created_at)
            VALUES (
                @id, @organizerId, @slug, @name, @description, @venue, @startAt, @endAt, @timeZone,
                @price, @currency, @status, @version, @createdAt)
            ON CONFLICT (slug) DO NOTHING
            """;

        public const string InsertPool =
            """
            INSERT INTO pools (event_id, id, size, held, sold)
            VALUES (@eventId, @id, @size, 0, 0)
            """;

        public const string Update =
            """
            UPDATE events
            SET name = @name, description = @description, venue = @venue, start_at = @startAt, end_at = @endAt,
                time_zone = @timeZone, price = @price, currency = @currency, status = @status, version = @version
            WHERE id = @id AND organizer_id = @organizerId AND version = @version - 1
            """;

        public const string Resize =
            """
            UPDATE pools
            SET size = @size
            WHERE event_id = @eventId AND id = @id AND held + sold <= @size
            """;

        public const string DeletePools =
            """
            DELETE FROM pools
            WHERE event_id = @id AND NOT EXISTS (SELECT 1 FROM bookings WHERE bookings.event_id = @id)
            """;

        public const string Delete =
            """
            DELETE FROM events
            WHERE id = @id AND NOT EXISTS (SELECT 1 FROM bookings WHERE bookings.event_id = @id)
            """;

        // SQLite's transaction is alone from its first statement. PostgreSQL locks both rows: after a wait it reads
        // anew only what the statement locks, so an event beside a locked pool alone would be as old as the statement.
        public static class Lock
        {
            public const string Sqlite =
                """
                SELECT e.id, e.organizer_id, e.slug, e.name, e.description, e.venue, e.start_at, e.end_at, e.time_zone,
                    e.price, e.currency, e.status, e.version, e.created_at,
                    p.id AS pool_id, p.size, p.held, p.sold
                FROM pools p
                JOIN events e ON e.id = p.event_id
                WHERE p.event_id = @id
                """;

            public const string Postgres = Sqlite +
                """

                FOR UPDATE OF p, e
                """;
        }
    }
}
