namespace Gatehouse.EndToEnd.Tests;

/// <summary>
/// Everything in the database that must agree once nothing is under way: each question is answered with the number of
/// rows that do not, whatever the mixture of ticket types, pools and states.
/// </summary>
internal static class PlaceAudit
{
    /// <summary>What is wrong with one event, in words; nothing where all is well.</summary>
    public static async Task<IReadOnlyList<string>> Faults(this Ledger ledger, string eventId)
    {
        var faults = new List<string>();
        foreach (var (fault, from) in Questions)
        {
            var count = await ledger.Rows("ticketing", from.Replace("$id", $"'{eventId}'", StringComparison.Ordinal));
            if (count > 0)
            {
                faults.Add($"{count} {fault}");
            }
        }

        return faults;
    }

    private static readonly (string Fault, string From)[] Questions =
    [
        ("pools have more places taken than there are", "pools WHERE event_id = $id AND held + sold > size"),
        ("pools have not the places of their bookings held", Pools("held", "held")),
        ("pools have not the places of their bookings sold", Pools("sold", "confirmed")),
        ("bookings have other places than their lines",
            """
            bookings b
            WHERE b.event_id = $id AND b.status IN ('held', 'confirmed') AND b.quantity <> (
                SELECT SUM(l.quantity - l.cancelled)
                FROM booking_lines l
                WHERE l.event_id = b.event_id AND l.booking_id = b.id)
            """),
        ("bookings have other tickets than places",
            """
            bookings b
            WHERE b.event_id = $id AND CASE WHEN b.status = 'confirmed' THEN b.quantity ELSE 0 END <> (
                SELECT COUNT(*)
                FROM tickets t
                WHERE t.event_id = b.event_id AND t.booking_id = b.id AND t.status = 'valid')
            """),
        ("bookings were not announced once", $"bookings b WHERE b.event_id = $id AND 1 <> {Told("'booking.held'")} " +
            $"+ CASE WHEN b.total = 0 THEN {Told("'booking.confirmed'")} ELSE 0 END"),
        ("confirmed bookings were not told of once",
            $"bookings b WHERE b.event_id = $id AND b.status = 'confirmed' AND 1 <> {Told("'booking.confirmed'")}"),
        ("ends of bookings were not told of once",
            $"bookings b WHERE b.event_id = $id AND b.status IN ('cancelled', 'expired') " +
            $"AND 1 <> {Told("'booking.' || b.status")}"),
        ("facts are told of bookings that do not exist",
            """
            outbox o
            WHERE o.type LIKE 'booking.%' AND o.payload LIKE '%' || $id || '%' AND NOT EXISTS (
                SELECT 1
                FROM bookings b
                WHERE CAST(b.id AS text) = o.aggregate_id)
            """),
    ];

    private static string Pools(string column, string status) =>
        $"""
        pools p
        WHERE p.event_id = $id AND p.{column} <> (
            SELECT COALESCE(SUM(l.quantity - l.cancelled), 0)
            FROM ticket_type_pools d
            JOIN booking_lines l ON l.event_id = d.event_id AND l.ticket_type_id = d.ticket_type_id
            JOIN bookings b ON b.event_id = l.event_id AND b.id = l.booking_id AND b.status = '{status}'
            WHERE d.event_id = p.event_id AND d.pool_id = p.id)
        """;

    private static string Told(string type) =>
        $"(SELECT COUNT(*) FROM outbox o WHERE o.aggregate_id = CAST(b.id AS text) AND o.type = {type})";
}
