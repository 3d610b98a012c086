using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;
using Gatehouse.Ticketing.Services;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Ticketing.Sql;

/// <summary>Ids are UUIDv7, so the newest has the highest.</summary>
internal sealed class BookingViewRepository([FromKeyedServices(TicketingModule.DatabaseName)] Database database)
    : IBookingViewRepository
{
    private static readonly Guid Highest = new("ffffffff-ffff-ffff-ffff-ffffffffffff");

    public async Task<BookingView?> Find(UserId buyer, BookingId id, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        var row = await session.QueryFirst<BookingRow>(Sql.Find, new { userId = buyer.Value, id = id.Value });
        return row is null ? null : (await WithTickets(session, buyer, [row], now))[0];
    }

    public async Task<Page<BookingView>> List(
        UserId buyer, PageRequest page, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        var userId = buyer.Value;
        if (page.Number is not null)
        {
            var numbered = await session.Query<BookingRow>(
                Sql.Page, new { userId, limit = page.Limit, offset = page.Offset });
            return new Page<BookingView>(await WithTickets(session, buyer, numbered, now), page.Limit)
            {
                Number = page.Number,
                Total = await session.QueryFirst<long>(Sql.Count, new { userId }),
            };
        }

        // One more row than asked for tells whether there is a next page.
        var rows = await session.Query<BookingRow>(
            Sql.Before, new { userId, id = page.After?.Id ?? Highest, limit = page.Limit + 1 });
        var shown = rows.Take(page.Limit).ToList();
        return new Page<BookingView>(await WithTickets(session, buyer, shown, now), page.Limit)
        {
            NextCursor = rows.Count > page.Limit ? new Cursor(shown[^1].CreatedAt, shown[^1].Id).ToString() : null,
        };
    }

    private static async Task<List<BookingView>> WithTickets(
        DbSession session, UserId buyer, IReadOnlyList<BookingRow> rows, DateTimeOffset now)
    {
        if (rows.Count == 0)
        {
            return [];
        }

        var range = new { userId = buyer.Value, newest = rows[0].Id, oldest = rows[^1].Id };
        var tickets = (await session.Query<TicketRow>(Sql.Tickets, range)).ToLookup(ticket => ticket.BookingId);
        var lines = (await session.Query<LineRow>(Sql.Lines, range)).ToLookup(line => line.BookingId);
        // What costs nothing has no payments.
        var payments = rows.All(row => row.Total == 0) ? [] : await session.Query<PaidRow>(Sql.Payments, range);
        var paid = payments.ToLookup(payment => payment.BookingId);
        return [.. rows.Select(row => row.ToContract(tickets[row.Id], lines[row.Id], paid[row.Id], now))];
    }

    private sealed class BookingRow
    {
        public Guid Id { get; init; }

        public Guid EventId { get; init; }

        public string Code { get; init; } = "";

        public int Quantity { get; init; }

        public long Total { get; init; }

        public string Currency { get; init; } = "";

        public string Status { get; init; } = "";

        public string? Email { get; init; }

        public string? Name { get; init; }

        public DateTimeOffset CreatedAt { get; init; }

        public DateTimeOffset? ExpiresAt { get; init; }

        // A hold that has lapsed is over, whether or not its row was tidied yet.
        public BookingView ToContract(
            IEnumerable<TicketRow> tickets,
            IEnumerable<LineRow> lines,
            IEnumerable<PaidRow> payments,
            DateTimeOffset now)
        {
            var paid = payments.Select(payment => payment.ToContract()).ToList();
            var lapsed = ExpiresAt <= now;
            return new BookingView(
                Id,
                Code,
                lapsed ? BookingStatus.Expired.ToText() : Status,
                EventId,
                Quantity,
                Total,
                Currency,
                CreatedAt,
                lapsed ? null : ExpiresAt,
                [.. tickets.Select(ticket => new TicketView(
                    ticket.Id, ticket.Code, ticket.TicketTypeId, $"{Code}-{ticket.Number}"))],
                [.. lines.Select(line => new BookingItemView(line.TicketTypeId, line.Name, line.Places, line.Price))],
                Email,
                Name,
                paid.Count == 0 ? null : paid);
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
        public Guid TicketTypeId { get; init; }

        public Guid BookingId { get; init; }

        public Guid Id { get; init; }

        public string Code { get; init; } = "";

        public long Number { get; init; }
    }

    private static class Sql
    {
        private const string Select =
            """
            SELECT id, event_id, code, quantity, total, currency, status, created_at, expires_at, email, name
            FROM bookings
            WHERE user_id = @userId

            """;

        public const string Find = Select +
            """
                AND id = @id
            """;

        public const string Page = Select +
            """
            ORDER BY id DESC
            LIMIT @limit OFFSET @offset
            """;

        public const string Before = Select +
            """
                AND id < @id
            ORDER BY id DESC
            LIMIT @limit
            """;

        public const string Count =
            """
            SELECT COUNT(*)
            FROM bookings
            WHERE user_id = @userId
            """;

        // CROSS JOIN: SQLite begins with the bookings then, which are few. COALESCE: it takes the id and not, by way of
        // BETWEEN, all of the event's rows between two ids. To PostgreSQL both are nothing.
        public const string Tickets =
            """
            SELECT t.booking_id, t.id, t.code, t.ticket_type_id, (
                SELECT COUNT(*)
                FROM tickets o
                WHERE o.event_id = t.event_id AND o.booking_id = t.booking_id AND o.id <= t.id) AS number
            FROM bookings b
            CROSS JOIN tickets t
            WHERE b.user_id = @userId AND b.id BETWEEN @oldest AND @newest
                AND t.event_id = b.event_id AND t.booking_id = COALESCE(b.id, b.id) AND t.status = 'valid'
            ORDER BY t.booking_id, t.id
            """;

        public const string Payments = PaidRow.Columns +
            """
            FROM bookings b
            CROSS JOIN payments p
            WHERE b.user_id = @userId AND b.id BETWEEN @oldest AND @newest
                AND p.event_id = b.event_id AND p.booking_id = COALESCE(b.id, b.id)
            ORDER BY p.id
            """;

        public const string Lines =
            """
            SELECT l.booking_id, l.ticket_type_id, t.name, l.quantity - l.cancelled AS places, l.price
            FROM bookings b
            CROSS JOIN booking_lines l
            JOIN ticket_types t ON t.event_id = l.event_id AND t.id = l.ticket_type_id
            WHERE b.user_id = @userId AND b.id BETWEEN @oldest AND @newest
                AND l.event_id = b.event_id AND l.booking_id = COALESCE(b.id, b.id)
            ORDER BY t.position
            """;
    }
}
