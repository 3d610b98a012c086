using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Ticketing.Sql;

/// <summary>
/// Adds up what the tables say. It reads all of them, which takes seconds with a million bookings: it is for now and
/// then, by one statement, so that what is in the middle of a change is seen before it or after.
/// </summary>
internal sealed class ReconciliationRepository(
    [FromKeyedServices(TicketingModule.DatabaseName)] Database database, TimeProvider time) : IReconciliation
{
    private const int KindsMax = 8;
    private static readonly TimeSpan PendingMax = TimeSpan.FromHours(12);
    private static readonly TimeSpan DueMax = TimeSpan.FromDays(7);

    public async Task<Page<Discrepancy>> List(PageRequest page, CancellationToken cancellation)
    {
        var now = time.Now();
        await using var session = await database.Read(cancellation);
        var rows = await session.Query<Row>(Sql.All, new
        {
            after = page.After?.Id ?? Guid.Empty,
            pendingSince = now - PendingMax,
            dueSince = now - DueMax,
            // One thing may be wrong in several ways, which stay on one page.
            limit = (page.Limit + 1) * KindsMax,
        });
        var things = rows.GroupBy(row => row.Id).ToList();
        var shown = things.Take(page.Limit).ToList();
        return new Page<Discrepancy>([.. shown.SelectMany(thing => thing).Select(row => row.ToContract())], page.Limit)
        {
            NextCursor = things.Count > page.Limit
                ? new Cursor(DateTimeOffset.UnixEpoch, shown[^1].Key).ToString()
                : null,
        };
    }

    private sealed class Row
    {
        public string Kind { get; init; } = "";

        public Guid EventId { get; init; }

        public Guid Id { get; init; }

        public long Expected { get; init; }

        public long Actual { get; init; }

        public Discrepancy ToContract() => new(Kind, EventId, Id, Expected, Actual);
    }

    private static class Sql
    {
        public const string All =
            """
            WITH lines AS (
                SELECT event_id, booking_id, SUM(quantity - cancelled) AS places,
                    SUM(price * (quantity - cancelled)) AS worth
                FROM booking_lines
                GROUP BY event_id, booking_id),
            valid AS (
                SELECT event_id, booking_id, COUNT(*) AS tickets
                FROM tickets
                WHERE status = 'valid'
                GROUP BY event_id, booking_id),
            paid AS (
                SELECT event_id, booking_id, SUM(amount) AS amount
                FROM payments
                WHERE status = 'succeeded'
                GROUP BY event_id, booking_id),
            refunded AS (
                SELECT event_id, booking_id, SUM(amount) AS amount
                FROM refunds
                GROUP BY event_id, booking_id),
            sums AS (
                SELECT b.event_id, b.id, b.status, b.quantity,
                    COALESCE(l.places, b.quantity) AS places,
                    CASE WHEN b.status = 'confirmed' THEN COALESCE(l.worth, b.total) ELSE 0 END AS worth,
                    CASE WHEN b.status = 'confirmed' THEN b.quantity ELSE 0 END AS admitted,
                    COALESCE(v.tickets, 0) AS tickets,
                    COALESCE(p.amount, 0) - COALESCE(r.amount, 0) AS money
                FROM bookings b
                LEFT JOIN lines l ON l.event_id = b.event_id AND l.booking_id = b.id
                LEFT JOIN valid v ON v.event_id = b.event_id AND v.booking_id = b.id
                LEFT JOIN paid p ON p.event_id = b.event_id AND p.booking_id = b.id
                LEFT JOIN refunded r ON r.event_id = b.event_id AND r.booking_id = b.id),
            taken AS (
                SELECT d.event_id, d.pool_id,
                    SUM(CASE WHEN b.status = 'held' THEN l.quantity - l.cancelled ELSE 0 END) AS held,
                    SUM(CASE WHEN b.status = 'confirmed' THEN l.quantity - l.cancelled ELSE 0 END) AS sold
                FROM ticket_type_pools d
                JOIN booking_lines l ON l.event_id = d.event_id AND l.ticket_type_id = d.ticket_type_id
                JOIN bookings b ON b.event_id = l.event_id AND b.id = l.booking_id
                WHERE b.status IN ('held', 'confirmed')
                GROUP BY d.event_id, d.pool_id),
            found AS (
                SELECT 'money' AS kind, event_id, id, worth AS expected, money AS actual
                FROM sums
                WHERE money <> worth
                UNION ALL
                SELECT 'places', event_id, id, places, quantity
                FROM sums
                WHERE status IN ('held', 'confirmed') AND places <> quantity
                UNION ALL
                SELECT 'tickets', event_id, id, admitted, tickets
                FROM sums
                WHERE tickets <> admitted
                UNION ALL
                SELECT 'pool_held', p.event_id, p.id, COALESCE(t.held, 0), p.held
                FROM pools p
                LEFT JOIN taken t ON t.event_id = p.event_id AND t.pool_id = p.id
                WHERE p.held <> COALESCE(t.held, 0)
                UNION ALL
                SELECT 'pool_sold', p.event_id, p.id, COALESCE(t.sold, 0), p.sold
                FROM pools p
                LEFT JOIN taken t ON t.event_id = p.event_id AND t.pool_id = p.id
                WHERE p.sold <> COALESCE(t.sold, 0)
                UNION ALL
                SELECT 'event_cancelled', b.event_id, b.id, 0, b.quantity
                FROM events e
                JOIN bookings b ON b.event_id = e.id AND b.status IN ('held', 'confirmed')
                WHERE e.status = 'cancelled' AND NOT EXISTS (
                    SELECT 1
                    FROM jobs j
                    WHERE j.kind = 'ticketing.cancel-event' AND j.payload = CAST(e.id AS text)
                        AND j.state IN ('queued', 'running'))
                UNION ALL
                SELECT 'payment_pending', event_id, id, 0, amount
                FROM payments
                WHERE status = 'pending' AND expires_at <= @pendingSince
                UNION ALL
                SELECT 'refund_due', event_id, id, 0, amount
                FROM refunds
                WHERE done_at IS NULL AND created_at <= @dueSince)
            SELECT kind, event_id, id, CAST(expected AS bigint) AS expected, CAST(actual AS bigint) AS actual
            FROM found
            WHERE id > @after
            ORDER BY id, kind
            LIMIT @limit
            """;
    }
}
