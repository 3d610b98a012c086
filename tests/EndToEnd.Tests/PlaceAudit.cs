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

    /// <summary>Ids of all bookings of an event.</summary>
    public static async Task<IReadOnlyList<string>> Bookings(this Ledger ledger, string eventId)
    {
        await using var connection = await ledger.Open("ticketing");
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT CAST(id AS text) FROM bookings WHERE event_id = '{eventId}'";
        await using var reader = await command.ExecuteReaderAsync();
        var ids = new List<string>();
        while (await reader.ReadAsync())
        {
            ids.Add(reader.GetString(0));
        }

        return ids;
    }

    /// <summary>As if the time of payment had passed for all.</summary>
    public static Task LetHoldsLapse(this Ledger ledger, IEnumerable<string> events) => ledger.Execute(
        "ticketing",
        $"""
        UPDATE bookings
        SET expires_at = '2020-01-01T00:00:00.000000Z'
        WHERE status = 'held' AND event_id IN ({List(events)})
        """);

    /// <summary>Bookings of the events that are held still, and pools that have held places.</summary>
    public static async Task<long> Held(this Ledger ledger, IReadOnlyList<string> events) =>
        await ledger.Rows("ticketing", $"bookings WHERE status = 'held' AND event_id IN ({List(events)})") +
        await ledger.Rows("ticketing", $"pools WHERE held > 0 AND event_id IN ({List(events)})");

    private static string List(IEnumerable<string> ids) => string.Join(',', ids.Select(id => $"'{id}'"));

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
        ("bookings were not announced once",
            Told + "AND (b.held, b.confirmed) <> (CASE WHEN b.total > 0 THEN 1 ELSE 0 END, " +
            "CASE WHEN b.total = 0 OR b.status = 'confirmed' THEN 1 ELSE b.confirmed END)"),
        ("ends of bookings were not told of once",
            Told + "AND (b.cancelled, b.expired) <> (" +
            "CASE WHEN b.status = 'cancelled' THEN 1 ELSE 0 END, " +
            // Late money may have revived it.
            "CASE WHEN b.status = 'expired' THEN 1 WHEN b.expired <= 1 THEN b.expired ELSE 0 END)"),
        ("facts are told of bookings that do not exist",
            """
            outbox o
            LEFT JOIN (
                SELECT CAST(id AS text) AS id
                FROM bookings
                WHERE event_id = $id
                GROUP BY 1) b ON b.id = o.aggregate_id
            WHERE o.type LIKE 'booking.%' AND o.payload LIKE '%' || $id || '%' AND b.id IS NULL
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

    // Each booking beside what was told of it, counted once for all.
    private const string Told =
        """
        (
            SELECT b.status, b.total, COALESCE(o.held, 0) AS held, COALESCE(o.confirmed, 0) AS confirmed,
                COALESCE(o.cancelled, 0) AS cancelled, COALESCE(o.expired, 0) AS expired
            FROM bookings b
            LEFT JOIN (
                SELECT aggregate_id,
                    SUM(CASE WHEN type = 'booking.held' THEN 1 ELSE 0 END) AS held,
                    SUM(CASE WHEN type = 'booking.confirmed' THEN 1 ELSE 0 END) AS confirmed,
                    SUM(CASE WHEN type = 'booking.cancelled' THEN 1 ELSE 0 END) AS cancelled,
                    SUM(CASE WHEN type = 'booking.expired' THEN 1 ELSE 0 END) AS expired
                FROM outbox
                GROUP BY aggregate_id) o ON o.aggregate_id = CAST(b.id AS text)
            WHERE b.event_id = $id) b
        WHERE 1 = 1
        """ + "\n";
}
