using Gatehouse.Foundation.Audit;
using Gatehouse.Foundation.Data;
using Gatehouse.Ticketing.Domain;
using Gatehouse.Ticketing.Services;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Ticketing.Sql;

internal sealed class TicketKeyRepository(
    [FromKeyedServices(TicketingModule.DatabaseName)] Database database, IAuditLog audit) : ITicketKeyRepository
{
    public async Task<bool> Add(TicketKey key, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var isAdded = await unit.Execute(Sql.Insert, new
        {
            kid = key.Kid,
            number = key.Number,
            publicKey = key.PublicKey,
            privateKey = key.SealedPrivateKey,
            createdAt = key.CreatedAt,
        }) == 1;
        if (isAdded)
        {
            audit.Write(unit, new AuditFact("ticket_key.made", $"ticket-key/{key.Kid}"));
            await unit.Commit();
        }

        return isAdded;
    }

    public async Task<IReadOnlyList<TicketKey>> All(CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        return [.. (await session.Query<TicketKeyRow>(Sql.All)).Select(row => row.ToDomain())];
    }

    private sealed class TicketKeyRow
    {
        public string Kid { get; init; } = "";

        public int Number { get; init; }

        public string PublicKey { get; init; } = "";

        public string PrivateKey { get; init; } = "";

        public DateTimeOffset CreatedAt { get; init; }

        public TicketKey ToDomain() => new(Kid, Number, PublicKey, PrivateKey, CreatedAt);
    }

    private static class Sql
    {
        public const string Insert =
            """
            INSERT INTO ticket_keys (kid, number, public_key, private_key, created_at)
            VALUES (@kid, @number, @publicKey, @privateKey, @createdAt)
            ON CONFLICT DO NOTHING
            """;

        public const string All =
            """
            SELECT kid, number, public_key, private_key, created_at
            FROM ticket_keys
            ORDER BY number DESC
            """;
    }
}
