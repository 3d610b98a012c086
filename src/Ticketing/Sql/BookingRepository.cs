using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;
using Gatehouse.Ticketing.Services;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Ticketing.Sql;

internal sealed class BookingRepository([FromKeyedServices(TicketingModule.DatabaseName)] Database database)
    : IBookingRepository
{
    public async Task MovePlaces(UnitOfWork unit, EventId of, Offer offer)
    {
        foreach (var pool in offer.Pools.Where(pool => pool.Change != (0, 0)))
        {
            var (held, sold) = pool.Change;
            if (await unit.Execute(Sql.MovePlaces, new { eventId = of.Value, id = pool.Id, held, sold }) != 1)
            {
                throw new InvalidOperationException($"A pool of event {of} refused {held} held, {sold} sold.");
            }
        }
    }

    public Task Insert(UnitOfWork unit, IReadOnlyList<Booking> bookings) => NewBookings.Insert(unit, bookings);

    public async Task<IReadOnlyList<Booking>> ExpireHolds(
        UnitOfWork unit, EventId of, DateTimeOffset now, int limit) =>
        await WithLines(
            unit, of, await unit.Query<BookingRow>(Sql.ExpireHolds, new { eventId = of.Value, now, limit }));

    public async Task<Dictionary<(UserId Buyer, TicketTypeId Type), int>> Bought(
        UnitOfWork unit, EventId of, IReadOnlyList<UserId> buyers)
    {
        var ids = buyers.Column(buyer => buyer.Value);
        var rows = unit.IsPostgres
            ? await unit.Query<BoughtRow>(Sql.Bought.Postgres, new { eventId = of.Value, ids })
            : await unit.Query<BoughtRow>(Sql.Bought.Sqlite, new { eventId = of.Value, ids = Json(ids) });
        return rows.ToDictionary(
            row => (new UserId(row.UserId), new TicketTypeId(row.TicketTypeId)), row => (int)row.Places);
    }

    public async Task<IReadOnlyList<EventId>> FindLapsed(
        DateTimeOffset now, int limit, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        return (await session.Query<Guid>(Sql.FindLapsed, new { now, limit })).Column(id => new EventId(id));
    }

    public async Task<EventId?> FindEvent(BookingId id, UserId buyer, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        var found = await session.QueryFirst<Guid?>(Sql.FindEvent, new { id = id.Value, userId = buyer.Value });
        return found is { } value ? new EventId(value) : null;
    }

    public async Task<(UserId Guest, string SecretHash)?> FindGuest(BookingId id, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        return await session.QueryFirst<GuestRow>(Sql.FindGuest, new { id = id.Value }) is { } row
            ? (new UserId(row.UserId), row.SecretHash)
            : null;
    }

    public async Task<Booking?> Find(UnitOfWork unit, EventId of, BookingId id)
    {
        var args = new { eventId = of.Value, id = id.Value };
        var row = await unit.QueryFirst<BookingRow>(Sql.Find, args);
        return row is null ? null : (await WithLines(unit, of, [row]))[0];
    }

    public async Task Confirm(UnitOfWork unit, Booking booking)
    {
        var args = new { eventId = booking.Event.Value, id = booking.Id.Value };
        Require(await unit.Execute(Sql.Confirm, args) == 1, booking);
        await NewBookings.InsertTickets(unit, booking);
    }

    public async Task<IReadOnlyList<Booking>> FindLive(UnitOfWork unit, EventId of, BookingId after, int limit) =>
        await WithLines(
            unit, of, await unit.Query<BookingRow>(Sql.FindLive, new { eventId = of.Value, id = after.Value, limit }));

    public async Task Cancel(UnitOfWork unit, Booking booking)
    {
        var args = new { eventId = booking.Event.Value, id = booking.Id.Value };
        Require(await unit.Execute(Sql.Cancel, args) == 1, booking);
        await unit.Execute(Sql.VoidTickets, args);
    }

    public async Task<(TicketTypeId Type, bool IsValid)?> FindTicket(UnitOfWork unit, Booking booking, TicketId ticket)
    {
        var args = new { eventId = booking.Event.Value, id = booking.Id.Value, ticketId = ticket.Value };
        return await unit.QueryFirst<TicketRow>(Sql.FindTicket, args) is { } row
            ? (new TicketTypeId(row.TicketTypeId), row.Status == "valid")
            : null;
    }

    public async Task CancelTicket(UnitOfWork unit, Booking booking, TicketId ticket, TicketTypeId type)
    {
        var args = new
        {
            eventId = booking.Event.Value,
            id = booking.Id.Value,
            ticketId = ticket.Value,
            typeId = type.Value,
        };
        Require(await unit.Execute(Sql.VoidTicket, args) == 1, booking);
        Require(await unit.Execute(Sql.ShrinkLine, args) == 1, booking);
        Require(await unit.Execute(Sql.Shrink, args) == 1, booking);
    }

    private static void Require(bool isAsDecided, Booking booking)
    {
        if (!isAsDecided)
        {
            throw new InvalidOperationException($"Booking {booking.Id} moved under a lock.");
        }
    }

    private static async Task<IReadOnlyList<Booking>> WithLines(
        UnitOfWork unit, EventId of, IReadOnlyList<BookingRow> rows)
    {
        if (rows.Count == 0)
        {
            return [];
        }

        var ids = rows.Column(row => row.Id);
        var lines = unit.IsPostgres
            ? await unit.Query<BookingLineRow>(Sql.Lines.Postgres, new { eventId = of.Value, ids })
            : await unit.Query<BookingLineRow>(Sql.Lines.Sqlite, new { eventId = of.Value, ids = Json(ids) });
        var byBooking = lines.ToLookup(line => line.BookingId);
        return rows.Column(row => row.ToDomain([.. byBooking[row.Id].Select(line => line.ToDomain())]));
    }

    private static string Json(IEnumerable<Guid> ids) => $"[{string.Join(',', ids.Select(id => $"\"{id}\""))}]";

    private sealed class GuestRow
    {
        public Guid UserId { get; init; }

        public string SecretHash { get; init; } = "";
    }

    private sealed class BoughtRow
    {
        public Guid UserId { get; init; }

        public Guid TicketTypeId { get; init; }

        public long Places { get; init; }
    }

    private sealed class TicketRow
    {
        public Guid TicketTypeId { get; init; }

        public string Status { get; init; } = "";
    }

    private static class Sql
    {
        public const string MovePlaces =
            """
            UPDATE pools
            SET held = held + @held, sold = sold + @sold
            WHERE event_id = @eventId AND id = @id
                AND held + @held >= 0 AND sold + @sold >= 0 AND held + sold + @held + @sold <= size
            """;

        public const string ExpireHolds =
            """
            UPDATE bookings
            SET status = 'expired', expires_at = NULL
            WHERE event_id = @eventId AND id IN (
                SELECT id
                FROM bookings
                WHERE event_id = @eventId AND status = 'held' AND expires_at <= @now
                ORDER BY expires_at
                LIMIT @limit)
            RETURNING event_id, id, user_id, code, quantity, total, currency, status, created_at, expires_at,
                email, name
            """;

        // From event to event through the index of held bookings, one look at each, however many its holds are.
        public const string FindLapsed =
            """
            WITH RECURSIVE holding (event_id) AS (
                SELECT (
                    SELECT event_id
                    FROM bookings
                    WHERE status = 'held'
                    ORDER BY event_id
                    LIMIT 1)
                UNION ALL
                SELECT (
                    SELECT b.event_id
                    FROM bookings b
                    WHERE b.status = 'held' AND b.event_id > holding.event_id
                    ORDER BY b.event_id
                    LIMIT 1)
                FROM holding
                WHERE holding.event_id IS NOT NULL)
            SELECT event_id
            FROM holding
            WHERE EXISTS (
                SELECT 1
                FROM bookings b
                WHERE b.event_id = holding.event_id AND b.status = 'held' AND b.expires_at <= @now)
            LIMIT @limit
            """;

        public const string FindEvent =
            """
            SELECT event_id
            FROM bookings
            WHERE id = @id AND user_id = @userId
            """;

        public const string FindGuest =
            """
            SELECT user_id, secret_hash
            FROM bookings
            WHERE id = @id AND secret_hash IS NOT NULL
            """;

        public const string Find =
            """
            SELECT event_id, id, user_id, code, quantity, total, currency, status, created_at, expires_at,
                email, name, secret_hash
            FROM bookings
            WHERE event_id = @eventId AND id = @id
            """;

        // By the primary key: those that ended are passed once, however often it is asked.
        public const string FindLive =
            """
            SELECT event_id, id, user_id, code, quantity, total, currency, status, created_at, expires_at,
                email, name
            FROM bookings
            WHERE event_id = @eventId AND id > @id AND status IN ('held', 'confirmed')
            ORDER BY id
            LIMIT @limit
            """;

        public const string FindTicket =
            """
            SELECT ticket_type_id, status
            FROM tickets
            WHERE event_id = @eventId AND booking_id = @id AND id = @ticketId
            """;

        public const string VoidTicket =
            """
            UPDATE tickets
            SET status = 'void'
            WHERE event_id = @eventId AND booking_id = @id AND id = @ticketId AND status = 'valid'
            """;

        public const string ShrinkLine =
            """
            UPDATE booking_lines
            SET cancelled = cancelled + 1
            WHERE event_id = @eventId AND booking_id = @id AND ticket_type_id = @typeId
            """;

        public const string Shrink =
            """
            UPDATE bookings
            SET quantity = quantity - 1
            WHERE event_id = @eventId AND id = @id AND status = 'confirmed'
            """;

        public const string Confirm =
            """
            UPDATE bookings
            SET status = 'confirmed', expires_at = NULL
            WHERE event_id = @eventId AND id = @id AND status IN ('held', 'expired')
            """;

        public const string Cancel =
            """
            UPDATE bookings
            SET status = 'cancelled', expires_at = NULL
            WHERE event_id = @eventId AND id = @id AND status IN ('held', 'confirmed')
            """;

        public const string VoidTickets =
            """
            UPDATE tickets
            SET status = 'void'
            WHERE event_id = @eventId AND booking_id = @id
            """;

        public static class Lines
        {
            // CROSS JOIN keeps the order of the join: SQLite would begin with all lines of the event.
            public const string Sqlite =
                """
                SELECT l.booking_id, l.ticket_type_id, l.quantity, l.cancelled, l.price
                FROM json_each(@ids) AS asked
                CROSS JOIN booking_lines l ON l.event_id = @eventId AND l.booking_id = asked.value
                """;

            public const string Postgres =
                """
                SELECT booking_id, ticket_type_id, quantity, cancelled, price
                FROM booking_lines
                WHERE event_id = @eventId AND booking_id = ANY(CAST(@ids AS uuid[]))
                """;
        }

        public static class Bought
        {
            public const string Sqlite =
                """
                SELECT b.user_id, l.ticket_type_id, SUM(l.quantity - l.cancelled) AS places
                FROM json_each(@ids) AS asked
                CROSS JOIN bookings b ON b.user_id = asked.value AND b.event_id = @eventId
                    AND b.status IN ('held', 'confirmed')
                CROSS JOIN booking_lines l ON l.event_id = b.event_id AND l.booking_id = b.id
                GROUP BY b.user_id, l.ticket_type_id
                """;

            public const string Postgres =
                """
                SELECT b.user_id, l.ticket_type_id, SUM(l.quantity - l.cancelled) AS places
                FROM bookings b
                JOIN booking_lines l ON l.event_id = b.event_id AND l.booking_id = b.id
                WHERE b.user_id = ANY(CAST(@ids AS uuid[])) AND b.event_id = @eventId
                    AND b.status IN ('held', 'confirmed')
                GROUP BY b.user_id, l.ticket_type_id
                """;
        }
    }
}
