using Npgsql;

namespace Gatehouse.Bench.Table;

/// <summary>Rows as the program writes them, made by the database: a test of size, not of how they came.</summary>
internal sealed class TableFill(NpgsqlDataSource database)
{
    private const int MinutesMax = 15;

    /// <summary>
    /// Free bookings of one place by this buyer, with line, ticket and outbox row: half of them of the hot event, the
    /// others of another.
    /// </summary>
    public async Task Book(Guid hot, string email, int bookings)
    {
        var other = (Guid)(await Run(Sql.OtherEvent, ("hot", hot)))!;
        await Run(Sql.Bookings, ("hot", hot), ("other", other), ("email", email), ("rows", bookings));
        foreach (var of in new[] { hot, other })
        {
            await Run(Sql.Lines, ("event", of));
            await Run(Sql.Tickets, ("event", of));
            await Run(Sql.Outbox, ("event", of));
            await Run(Sql.Sold, ("event", of));
        }
    }

    /// <summary>Published events of the same organizer, each with its pool and type.</summary>
    public async Task Publish(int events)
    {
        await Run(Sql.Events, ("rows", events));
        await Run(Sql.Pools);
        await Run(Sql.Types);
        await Run(Sql.Draws);
    }

    /// <summary>As autovacuum would, had it had the time.</summary>
    public async Task Settle()
    {
        await Run("VACUUM ANALYZE");
        await Run("CHECKPOINT");
    }

    private async Task<object?> Run(string sql, params (string Name, object Value)[] values)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = MinutesMax * 60;
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return await command.ExecuteScalarAsync();
    }

    private static class Sql
    {
        public const string OtherEvent = "SELECT id FROM ticketing.events WHERE id <> @hot LIMIT 1";

        // Ids whose order is that of time, all older than those the program makes now.
        public const string Bookings =
            """
            INSERT INTO ticketing.bookings (
                event_id, id, user_id, code, quantity, total, currency, status, created_at, expires_at)
            SELECT CASE WHEN n % 2 = 0 THEN @hot ELSE @other END,
                CAST('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0') AS uuid),
                u.id, lpad(upper(to_hex(n)), 10, '0'), 1, 0, 'EUR', 'confirmed', now() - interval '1 day', NULL
            FROM generate_series(1, @rows) AS n
            CROSS JOIN (SELECT id FROM identity.users WHERE email = @email) u
            """;

        public const string Lines =
            """
            INSERT INTO ticketing.booking_lines (event_id, booking_id, ticket_type_id, quantity, price)
            SELECT b.event_id, b.id, t.id, 1, 0
            FROM ticketing.bookings b
            JOIN ticketing.ticket_types t ON t.event_id = b.event_id
            WHERE b.event_id = @event
            """;

        public const string Tickets =
            """
            INSERT INTO ticketing.tickets (event_id, booking_id, id, ticket_type_id, code, status)
            SELECT l.event_id, l.booking_id, gen_random_uuid(), l.ticket_type_id,
                substr(upper(md5(CAST(l.booking_id AS text))), 1, 26), 'valid'
            FROM ticketing.booking_lines l
            WHERE l.event_id = @event
            """;

        public const string Outbox =
            """
            INSERT INTO ticketing.outbox (id, type, aggregate_id, payload, occurred_at, sent_at)
            SELECT gen_random_uuid(), 'booking.confirmed', CAST(id AS text), '{}', now(), now()
            FROM ticketing.bookings
            WHERE event_id = @event
            """;

        public const string Sold =
            """
            UPDATE ticketing.pools
            SET sold = (SELECT COUNT(*) FROM ticketing.bookings WHERE event_id = @event)
            WHERE event_id = @event
            """;

        public const string Events =
            """
            INSERT INTO ticketing.events (
                id, organizer_id, slug, name, start_at, end_at, time_zone, price, currency, status, version, created_at)
            SELECT CAST('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0') AS uuid), o.organizer_id,
                'filler-' || n, 'Filler ' || n, now() + interval '60 days' + n * interval '1 second',
                now() + interval '99 days', 'UTC', 0, 'EUR', 'published', 1, now()
            FROM generate_series(1, @rows) AS n
            CROSS JOIN (SELECT organizer_id FROM ticketing.events LIMIT 1) o
            """;

        public const string Pools =
            """
            INSERT INTO ticketing.pools (event_id, id, size, held, sold)
            SELECT id, id, 1000, 0, 0
            FROM ticketing.events
            WHERE slug LIKE 'filler-%'
            """;

        public const string Types =
            """
            INSERT INTO ticketing.ticket_types (
                event_id, id, name, price, quantity_min, quantity_max, position, created_at)
            SELECT id, id, 'Standard', 0, 1, 100, 1, now()
            FROM ticketing.events
            WHERE slug LIKE 'filler-%'
            """;

        public const string Draws =
            """
            INSERT INTO ticketing.ticket_type_pools (event_id, ticket_type_id, pool_id)
            SELECT id, id, id
            FROM ticketing.events
            WHERE slug LIKE 'filler-%'
            """;
    }
}
