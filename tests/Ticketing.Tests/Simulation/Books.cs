using Gatehouse.Foundation.Data;

namespace Gatehouse.Ticketing.Tests.Simulation;

/// <summary>What the database holds of one event, read past the services.</summary>
internal sealed class Books
{
    private Books(IReadOnlyList<PoolRow> pools, IReadOnlyList<LineRow> lines, IReadOnlyList<MoneyRow> money)
    {
        Money = money.ToDictionary(row => row.Id, row => row.Kept);
        Pools = pools.ToDictionary(pool => pool.Id);
        Lines = lines.ToLookup(line => line.Id);
    }

    public IReadOnlyDictionary<Guid, PoolRow> Pools { get; }

    /// <summary>Of bookings with payments: what came in, without what is to go back.</summary>
    public IReadOnlyDictionary<Guid, long> Money { get; }

    /// <summary>By booking.</summary>
    public ILookup<Guid, LineRow> Lines { get; }

    public static async Task<Books> Of(Database database, Guid of)
    {
        await using var session = await database.Read(CancellationToken.None);
        return new Books(
            await session.Query<PoolRow>(Sql.Pools, new { of }),
            await session.Query<LineRow>(Sql.Lines, new { of }),
            await session.Query<MoneyRow>(Sql.Money, new { of }));
    }

    /// <summary>What was told of each booking, as often as it was.</summary>
    public static async Task<ILookup<Guid, string>> Told(Database database, Guid of)
    {
        await using var session = await database.Read(CancellationToken.None);
        return (await session.Query<ToldRow>(Sql.Told, new { of })).ToLookup(fact => fact.Id, fact => fact.Type);
    }

    internal sealed class PoolRow
    {
        public Guid Id { get; init; }

        public int Size { get; init; }

        public int Held { get; init; }

        public int Sold { get; init; }
    }

    /// <summary>A line of a booking, with its booking.</summary>
    internal sealed class LineRow
    {
        public Guid Id { get; init; }

        public string Status { get; init; } = "";

        public DateTimeOffset? ExpiresAt { get; init; }

        public int Quantity { get; init; }

        public Guid TypeId { get; init; }

        public int Places { get; init; }

        public int ValidTickets { get; init; }

        /// <summary>Of the valid ones, those that somebody is inside with.</summary>
        public int Admitted { get; init; }

        public bool IsOver(DateTimeOffset now) => ExpiresAt <= now;
    }

    private sealed class MoneyRow
    {
        public Guid Id { get; init; }

        public long Kept { get; init; }
    }

    private sealed class ToldRow
    {
        public Guid Id { get; init; }

        public string Type { get; init; } = "";
    }

    private static class Sql
    {
        public const string Pools =
            """
            SELECT id, size, held, sold
            FROM pools
            WHERE event_id = @of
            """;

        public const string Lines =
            """
            SELECT b.id, b.status, b.expires_at, b.quantity, l.ticket_type_id AS type_id,
                l.quantity - l.cancelled AS places,
                (SELECT COUNT(*)
                 FROM tickets t
                 WHERE t.event_id = b.event_id AND t.booking_id = b.id AND t.ticket_type_id = l.ticket_type_id
                     AND t.status = 'valid') AS valid_tickets,
                (SELECT COUNT(*)
                 FROM tickets t
                 JOIN check_ins c ON c.event_id = t.event_id AND c.ticket_id = t.id AND c.undone_at IS NULL
                 WHERE t.event_id = b.event_id AND t.booking_id = b.id AND t.ticket_type_id = l.ticket_type_id
                     AND t.status = 'valid') AS admitted
            FROM bookings b
            JOIN booking_lines l ON l.event_id = b.event_id AND l.booking_id = b.id
            WHERE b.event_id = @of
            """;

        public const string Money =
            """
            SELECT p.booking_id AS id, SUM(CASE WHEN p.status = 'succeeded' THEN p.amount ELSE 0 END) - (
                SELECT COALESCE(SUM(r.amount), 0)
                FROM refunds r
                WHERE r.event_id = p.event_id AND r.booking_id = p.booking_id) AS kept
            FROM payments p
            WHERE p.event_id = @of
            GROUP BY p.event_id, p.booking_id
            """;

        public const string Told =
            """
            SELECT b.id, o.type
            FROM bookings b
            JOIN outbox o ON o.aggregate_id = b.id
            WHERE b.event_id = @of AND o.type LIKE 'booking.%'
            """;
    }
}
