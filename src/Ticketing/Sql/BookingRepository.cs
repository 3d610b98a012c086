using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;
using Gatehouse.Ticketing.Services;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Ticketing.Sql;

/// <summary>Many rows go in one statement where the engine can.</summary>
internal sealed class BookingRepository([FromKeyedServices(TicketingModule.DatabaseName)] Database database)
    : IBookingRepository
{
    public async Task MovePlaces(UnitOfWork unit, EventId of, Pool pool)
    {
        var (held, sold) = pool.Change;
        if (await unit.Execute(Sql.MovePlaces, new { eventId = of.Value, id = pool.Id, held, sold }) != 1)
        {
            throw new InvalidOperationException($"The pool of event {of} refused {held} held, {sold} sold.");
        }
    }

    public async Task Insert(UnitOfWork unit, IReadOnlyList<Booking> bookings)
    {
        if (bookings.Count == 0)
        {
            return;
        }

        var tickets = bookings.SelectMany(b => b.Tickets, (b, ticket) => (Booking: b, Ticket: ticket)).ToList();
        if (unit.IsPostgres)
        {
            await unit.Execute(Sql.Insert.Postgres, new
            {
                eventIds = bookings.Column(b => b.Event.Value),
                ids = bookings.Column(b => b.Id.Value),
                userIds = bookings.Column(b => b.Buyer.Value),
                codes = bookings.Column(b => b.Code),
                quantities = bookings.Column(b => b.Quantity),
                totals = bookings.Column(b => b.Total.Minor),
                currencies = bookings.Column(b => b.Total.Currency.Code),
                statuses = bookings.Column(b => b.Status.ToText()),
                createdAts = bookings.Column(b => b.CreatedAt),
                expiresAts = bookings.Column(b => b.ExpiresAt),
            });
            await unit.Execute(Sql.InsertTickets.Postgres, new
            {
                eventIds = tickets.Column(t => t.Booking.Event.Value),
                bookingIds = tickets.Column(t => t.Booking.Id.Value),
                ids = tickets.Column(t => t.Ticket.Id.Value),
                codes = tickets.Column(t => t.Ticket.Code),
            });
            return;
        }

        await unit.Execute(Sql.Insert.Sqlite, bookings.Column(b => new
        {
            eventId = b.Event.Value,
            id = b.Id.Value,
            userId = b.Buyer.Value,
            code = b.Code,
            quantity = b.Quantity,
            total = b.Total.Minor,
            currency = b.Total.Currency.Code,
            status = b.Status.ToText(),
            createdAt = b.CreatedAt,
            expiresAt = b.ExpiresAt,
        }));
        await unit.Execute(Sql.InsertTickets.Sqlite, tickets.Column(t => new
        {
            eventId = t.Booking.Event.Value,
            bookingId = t.Booking.Id.Value,
            id = t.Ticket.Id.Value,
            code = t.Ticket.Code,
        }));
    }

    public async Task<IReadOnlyList<Booking>> ExpireHolds(
        UnitOfWork unit, EventId of, DateTimeOffset now, int limit) =>
        (await unit.Query<BookingRow>(Sql.ExpireHolds, new { eventId = of.Value, now, limit }))
        .Column(row => row.ToDomain());

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

    public async Task<Booking?> Find(UnitOfWork unit, EventId of, BookingId id, UserId buyer)
    {
        var args = new { eventId = of.Value, id = id.Value, userId = buyer.Value };
        return (await unit.QueryFirst<BookingRow>(Sql.Find, args))?.ToDomain();
    }

    public async Task Cancel(UnitOfWork unit, Booking booking)
    {
        var args = new { eventId = booking.Event.Value, id = booking.Id.Value, userId = booking.Buyer.Value };
        if (await unit.Execute(Sql.Cancel, args) != 1)
        {
            throw new InvalidOperationException($"Booking {booking.Id} moved under a lock.");
        }

        await unit.Execute(Sql.VoidTickets, args);
    }

    private sealed class BookingRow
    {
        public Guid EventId { get; init; }

        public Guid Id { get; init; }

        public Guid UserId { get; init; }

        public string Code { get; init; } = "";

        public int Quantity { get; init; }

        public long Total { get; init; }

        public string Currency { get; init; } = "";

        public string Status { get; init; } = "";

        public DateTimeOffset CreatedAt { get; init; }

        public DateTimeOffset? ExpiresAt { get; init; }

        public Booking ToDomain() => new(
            new BookingId(Id),
            new EventId(EventId),
            new UserId(UserId),
            Code,
            Quantity,
            new Money(Total, Kernel.Currency.Parse(Currency)),
            CreatedAt,
            BookingStatuses.Parse(Status),
            ExpiresAt,
            tickets: []);
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
            RETURNING event_id, id, user_id, code, quantity, total, currency, status, created_at, expires_at
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

        public const string Find =
            """
            SELECT event_id, id, user_id, code, quantity, total, currency, status, created_at, expires_at
            FROM bookings
            WHERE event_id = @eventId AND id = @id AND user_id = @userId
            """;

        public const string Cancel =
            """
            UPDATE bookings
            SET status = 'cancelled', expires_at = NULL
            WHERE event_id = @eventId AND id = @id AND user_id = @userId AND status IN ('held', 'confirmed')
            """;

        public const string VoidTickets =
            """
            UPDATE tickets
            SET status = 'void'
            WHERE event_id = @eventId AND booking_id = @id
            """;

        public static class Insert
        {
            public const string Sqlite =
                """
                INSERT INTO bookings (
                    event_id, id, user_id, code, quantity, total, currency, status, created_at, expires_at)
                VALUES (@eventId, @id, @userId, @code, @quantity, @total, @currency, @status, @createdAt, @expiresAt)
                """;

            public const string Postgres =
                """
                INSERT INTO bookings (
                    event_id, id, user_id, code, quantity, total, currency, status, created_at, expires_at)
                SELECT event_id, id, user_id, code, quantity, total, currency, status, created_at, expires_at
                FROM unnest(
                    CAST(@eventIds AS uuid[]), CAST(@ids AS uuid[]), CAST(@userIds AS uuid[]), CAST(@codes AS text[]),
                    CAST(@quantities AS integer[]), CAST(@totals AS bigint[]), CAST(@currencies AS text[]),
                    CAST(@statuses AS text[]), CAST(@createdAts AS timestamptz[]), CAST(@expiresAts AS timestamptz[]))
                    AS b (event_id, id, user_id, code, quantity, total, currency, status, created_at, expires_at)
                """;
        }

        public static class InsertTickets
        {
            public const string Sqlite =
                """
                INSERT INTO tickets (event_id, booking_id, id, code, status)
                VALUES (@eventId, @bookingId, @id, @code, 'valid')
                """;

            public const string Postgres =
                """
                INSERT INTO tickets (event_id, booking_id, id, code, status)
                SELECT event_id, booking_id, id, code, 'valid'
                FROM unnest(
                    CAST(@eventIds AS uuid[]), CAST(@bookingIds AS uuid[]),
                    CAST(@ids AS uuid[]), CAST(@codes AS text[]))
                    AS t (event_id, booking_id, id, code)
                """;
        }
    }
}
