using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;
using Gatehouse.Ticketing.Services;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Ticketing.Sql;

internal sealed class EventReportRepository([FromKeyedServices(TicketingModule.DatabaseName)] Database database)
    : IEventReportRepository
{
    /// <summary>After every text that begins with what stands before it.</summary>
    private const string Last = "\U0010FFFF";
    private static readonly Guid Highest = new("ffffffff-ffff-ffff-ffff-ffffffffffff");

    public async Task<string?> FindSlug(EventId id, UserId? organizer, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        return await session.QueryFirst<string>(
            Sql.FindSlug, new { id = id.Value, isAny = organizer is null, organizer = organizer?.Value ?? Guid.Empty });
    }

    public async Task<IReadOnlyList<EventBookingView>> List(
        EventId of, EventBookingFilter filter, PageRequest page, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        var sql = filter switch
        {
            { Search: not null } => session.Text(Sql.Found.Sqlite, Sql.Found.Postgres),
            { Status: not null } => Sql.OfStatus,
            _ => Sql.All,
        };
        var begins = filter.Search?.ToLowerInvariant() ?? "";
        var code = begins.ToUpperInvariant();
        var rows = await session.Query<BookingRow>(sql, new
        {
            eventId = of.Value,
            id = page.After?.Id ?? Highest,
            begins,
            beyond = begins + Last,
            code,
            codeBeyond = code + Last,
            isAny = filter.Status is null,
            status = filter.Status ?? "",
            rows = page.Limit + 1,
        });
        return await WithItems(session, of, rows, now);
    }

    public async Task<EventBookingView?> Find(
        EventId of, BookingId id, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        var args = new { eventId = of.Value, id = id.Value };
        if (await session.QueryFirst<BookingRow>(Sql.Find, args) is not { } row)
        {
            return null;
        }

        var tickets = await session.Query<TicketRow>(Sql.Tickets, args);
        var payments = await session.Query<PaidRow>(Sql.Payments, args);
        return (await WithItems(session, of, [row], now))[0] with
        {
            Payments = payments.Count == 0 ? null : payments.Column(payment => payment.ToContract()),
            Tickets = [.. tickets.Select(ticket => new EventTicketView(ticket.Id, ticket.TicketTypeId, ticket.Status))],
        };
    }

    public async Task<IReadOnlyList<EventBookingView>> After(
        EventId of, BookingId id, int limit, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        var rows = await session.Query<BookingRow>(Sql.After, new { eventId = of.Value, id = id.Value, rows = limit });
        return await WithItems(session, of, rows, now);
    }

    public async Task<IReadOnlyList<BookingSum>> CountBookings(EventId of, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        var rows = await session.Query<SumRow>(
            session.Text(Sql.CountBookings.Sqlite, Sql.CountBookings.Postgres), new { eventId = of.Value });
        return rows.Column(row => new BookingSum(row.Status, row.At, (int)row.Bookings));
    }

    public async Task<IReadOnlyList<PlaceSum>> SumPlaces(
        EventId of, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        var rows = await session.Query<SumRow>(
            session.Text(Sql.SumPlaces.Sqlite, Sql.SumPlaces.Postgres), new { eventId = of.Value, now });
        return rows.Column(row => new PlaceSum(
            new TicketTypeId(row.TicketTypeId), row.Status, row.At, (int)row.Places, (long)row.Revenue));
    }

    public async Task<IReadOnlyList<MinuteStats>> CountCheckIns(EventId of, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        var rows = await session.Query<MinuteRow>(
            session.Text(Sql.CountCheckIns.Sqlite, Sql.CountCheckIns.Postgres), new { eventId = of.Value });
        return rows.Column(row => new MinuteStats(row.Minute, (int)row.CheckedIn));
    }

    private static async Task<IReadOnlyList<EventBookingView>> WithItems(
        DbSession session, EventId of, IReadOnlyList<BookingRow> rows, DateTimeOffset now)
    {
        if (rows.Count == 0)
        {
            return [];
        }

        var ids = rows.Column(row => row.Id);
        var lines = session.IsPostgres
            ? await session.Query<LineRow>(Sql.Lines.Postgres, new { eventId = of.Value, ids })
            : await session.Query<LineRow>(Sql.Lines.Sqlite, new { eventId = of.Value, ids = Json(ids) });
        var byBooking = lines.ToLookup(line => line.BookingId);
        return rows.Column(row => row.ToContract(byBooking[row.Id], now));
    }

    private static string Json(IEnumerable<Guid> ids) => $"[{string.Join(',', ids.Select(id => $"\"{id}\""))}]";

    private sealed class BookingRow
    {
        public Guid Id { get; init; }

        public string Code { get; init; } = "";

        public string Status { get; init; } = "";

        public int Quantity { get; init; }

        public long Total { get; init; }

        public string Currency { get; init; } = "";

        public DateTimeOffset CreatedAt { get; init; }

        public DateTimeOffset? ExpiresAt { get; init; }

        public string? Email { get; init; }

        public string? Name { get; init; }

        public EventBookingView ToContract(IEnumerable<LineRow> lines, DateTimeOffset now)
        {
            var lapsed = ExpiresAt <= now;
            return new EventBookingView(
                Id,
                Code,
                lapsed ? BookingStatus.Expired.ToText() : Status,
                Quantity,
                Total,
                Currency,
                CreatedAt,
                lapsed ? null : ExpiresAt,
                Email,
                Name,
                [.. lines.Select(line => new BookingItemView(line.TicketTypeId, line.Name, line.Places, line.Price))],
                Tickets: null);
        }
    }

    private sealed class LineRow
    {
        public Guid BookingId { get; init; }

        public Guid TicketTypeId { get; init; }

        public string Name { get; init; } = "";

        public int Places { get; init; }

        public long Price { get; init; }
    }

    private sealed class TicketRow
    {
        public Guid Id { get; init; }

        public Guid TicketTypeId { get; init; }

        public string Status { get; init; } = "";
    }

    private sealed class MinuteRow
    {
        public DateTimeOffset Minute { get; init; }

        public long CheckedIn { get; init; }
    }

    private sealed class SumRow
    {
        public Guid TicketTypeId { get; init; }

        public string Status { get; init; } = "";

        public DateTimeOffset At { get; init; }

        public long Bookings { get; init; }

        public long Places { get; init; }

        public decimal Revenue { get; init; }
    }

    private static class Sql
    {
        public const string FindSlug =
            """
            SELECT slug
            FROM events
            WHERE id = @id AND (@isAny OR organizer_id = @organizer)
            """;

        private const string Columns =
            """
            SELECT id, code, status, quantity, total, currency, created_at, expires_at, email, name
            FROM bookings

            """;

        private const string Bookings = Columns + "WHERE event_id = @eventId\n";

        private const string Newest =
            """
            ORDER BY id DESC
            LIMIT @rows
            """;

        public const string All = Bookings + "AND id < @id\n" + Newest;

        public const string OfStatus = Bookings + "AND status = @status AND id < @id\n" + Newest;

        // Few begin like that: they are found by the three prefixes and then put in order.
        public static class Found
        {
            private const string Rest = "AND (@isAny OR status = @status)\n" + Newest;

            // The event stands in each part: SQLite looks for an index of each part alone.
            public const string Sqlite = Columns +
                """
                WHERE ((event_id = @eventId AND code >= @code AND code < @codeBeyond)
                        OR (event_id = @eventId AND email IS NOT NULL
                            AND lower(email) >= @begins AND lower(email) < @beyond)
                        OR (event_id = @eventId AND name IS NOT NULL
                            AND lower(name) >= lower(@begins) AND lower(name) < lower(@beyond)))
                    AND +id < @id

                """ + Rest;

            // Apart from the order: PostgreSQL would look through all bookings, newest first, for the few that match.
            public const string Postgres = "WITH found AS MATERIALIZED (\n" + Bookings +
                """
                    AND ((code COLLATE "C" >= @code AND code COLLATE "C" < @codeBeyond)
                        OR (email IS NOT NULL AND lower(email) COLLATE "C" >= @begins
                            AND lower(email) COLLATE "C" < @beyond)
                        OR (name IS NOT NULL AND lower(name) COLLATE "C" >= lower(@begins)
                            AND lower(name) COLLATE "C" < lower(@beyond))))
                SELECT id, code, status, quantity, total, currency, created_at, expires_at, email, name
                FROM found
                WHERE id < @id

                """ + Rest;
        }

        public const string Find = Bookings + "AND id = @id";

        public const string Payments = PaidRow.Columns +
            """
            FROM payments p
            WHERE p.event_id = @eventId AND p.booking_id = @id
            ORDER BY p.id
            """;

        public const string After = Bookings +
            """
                AND id > @id
            ORDER BY id
            LIMIT @rows
            """;

        public const string Tickets =
            """
            SELECT id, ticket_type_id, status
            FROM tickets
            WHERE event_id = @eventId AND booking_id = @id
            ORDER BY id
            """;

        public static class Lines
        {
            // CROSS JOIN keeps the order of the join: SQLite would begin with all lines of the event.
            public const string Sqlite =
                """
                SELECT l.booking_id, l.ticket_type_id, t.name, l.quantity - l.cancelled AS places, l.price
                FROM json_each(@ids) AS asked
                CROSS JOIN booking_lines l ON l.event_id = @eventId AND l.booking_id = asked.value
                CROSS JOIN ticket_types t ON t.event_id = l.event_id AND t.id = l.ticket_type_id
                ORDER BY t.position
                """;

            public const string Postgres =
                """
                SELECT l.booking_id, l.ticket_type_id, t.name, l.quantity - l.cancelled AS places, l.price
                FROM booking_lines l
                JOIN ticket_types t ON t.event_id = l.event_id AND t.id = l.ticket_type_id
                WHERE l.event_id = @eventId AND l.booking_id = ANY(CAST(@ids AS uuid[]))
                ORDER BY t.position
                """;
        }

        // SQLite keeps times as text, whose minutes become the quarter of the hour.
        private const string QuarterSqlite =
            "substr(b.created_at, 1, 14) || substr('00153045', 1 + 2 * (substr(b.created_at, 15, 2) / 15), 2) " +
            "|| ':00.000000Z'";

        private const string QuarterPostgres = "date_bin('15 minutes', b.created_at, '2000-01-01T00:00:00Z')";

        public static class CountBookings
        {
            public const string Sqlite = "SELECT b.status, " + QuarterSqlite + " AS at, COUNT(*) AS bookings\n" + Rest;

            public const string Postgres =
                "SELECT b.status, " + QuarterPostgres + " AS at, COUNT(*) AS bookings\n" + Rest;

            private const string Rest =
                """
                FROM bookings b
                WHERE b.event_id = @eventId
                GROUP BY 1, 2
                """;
        }

        public static class CountCheckIns
        {
            public const string Sqlite =
                "SELECT substr(at, 1, 17) || '00.000000Z' AS minute, COUNT(*) AS checked_in\n" + Rest;

            public const string Postgres = "SELECT date_trunc('minute', at) AS minute, COUNT(*) AS checked_in\n" + Rest;

            private const string Rest =
                """
                FROM check_ins
                WHERE event_id = @eventId AND undone_at IS NULL
                GROUP BY 1
                ORDER BY 1
                """;
        }

        public static class SumPlaces
        {
            public const string Sqlite = "SELECT b.status, " + QuarterSqlite + Sums;

            public const string Postgres = "SELECT b.status, " + QuarterPostgres + Sums;

            private const string Sums =
                """
                 AS at, l.ticket_type_id,
                    SUM(l.quantity - l.cancelled) AS places, SUM((l.quantity - l.cancelled) * l.price) AS revenue
                FROM booking_lines l
                JOIN bookings b ON b.event_id = l.event_id AND b.id = l.booking_id
                WHERE l.event_id = @eventId
                    AND (b.status = 'confirmed' OR (b.status = 'held' AND b.expires_at > @now))
                GROUP BY 1, 2, 3
                """;
        }
    }
}
