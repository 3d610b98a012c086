using Gatehouse.Foundation.Data;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Sql;

/// <summary>Writes what a batch has placed. Many rows go in one statement where the engine can.</summary>
internal static class NewBookings
{
    public static async Task Insert(UnitOfWork unit, IReadOnlyList<Booking> bookings)
    {
        if (bookings.Count == 0)
        {
            return;
        }

        await InsertBookings(unit, bookings);
        await GuestWords.Insert(unit, bookings);
        await InsertLines(
            unit, [.. bookings.SelectMany(booking => booking.Lines, (booking, line) => (booking, line))]);
        await InsertTickets(unit, bookings);
    }

    /// <summary>Of bookings that were confirmed just now.</summary>
    public static Task InsertTickets(UnitOfWork unit, IReadOnlyList<Booking> bookings) => InsertTickets(
        unit, [.. bookings.SelectMany(booking => booking.Tickets, (booking, ticket) => (booking, ticket))]);

    private static Task<int> InsertBookings(UnitOfWork unit, IReadOnlyList<Booking> bookings) => unit.IsPostgres
        ? unit.Execute(Sql.Insert.Postgres, new
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
            emails = bookings.Column(b => b.Email),
            names = bookings.Column(b => b.Name),
            secretHashes = bookings.Column(b => b.SecretHash),
        })
        : unit.Execute(Sql.Insert.Sqlite, bookings.Column(b => new
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
            email = b.Email,
            name = b.Name,
            secretHash = b.SecretHash,
        }));

    private static Task<int> InsertLines(UnitOfWork unit, IReadOnlyList<(Booking Booking, BookingLine Line)> lines) =>
        unit.IsPostgres
            ? unit.Execute(Sql.InsertLines.Postgres, new
            {
                eventIds = lines.Column(l => l.Booking.Event.Value),
                bookingIds = lines.Column(l => l.Booking.Id.Value),
                typeIds = lines.Column(l => l.Line.Type.Value),
                quantities = lines.Column(l => l.Line.Quantity),
                prices = lines.Column(l => l.Line.Price),
            })
            : unit.Execute(Sql.InsertLines.Sqlite, lines.Column(l => new
            {
                eventId = l.Booking.Event.Value,
                bookingId = l.Booking.Id.Value,
                typeId = l.Line.Type.Value,
                quantity = l.Line.Quantity,
                price = l.Line.Price,
            }));

    private static async Task InsertTickets(
        UnitOfWork unit, IReadOnlyList<(Booking Booking, Ticket Ticket)> tickets)
    {
        if (tickets.Count == 0)
        {
            return;
        }

        await (unit.IsPostgres
            ? unit.Execute(Sql.InsertTickets.Postgres, new
            {
                eventIds = tickets.Column(t => t.Booking.Event.Value),
                bookingIds = tickets.Column(t => t.Booking.Id.Value),
                ids = tickets.Column(t => t.Ticket.Id.Value),
                typeIds = tickets.Column(t => t.Ticket.Type.Value),
                codes = tickets.Column(t => t.Ticket.Code),
            })
            : unit.Execute(Sql.InsertTickets.Sqlite, tickets.Column(t => new
            {
                eventId = t.Booking.Event.Value,
                bookingId = t.Booking.Id.Value,
                id = t.Ticket.Id.Value,
                typeId = t.Ticket.Type.Value,
                code = t.Ticket.Code,
            })));
    }

    private static class Sql
    {
        public static class Insert
        {
            public const string Sqlite =
                """
                INSERT INTO bookings (
                    event_id, id, user_id, code, quantity, total, currency, status, created_at, expires_at,
                    email, name, secret_hash)
                VALUES (
                    @eventId, @id, @userId, @code, @quantity, @total, @currency, @status, @createdAt, @expiresAt,
                    @email, @name, @secretHash)
                """;

            public const string Postgres =
                """
                INSERT INTO bookings (
                    event_id, id, user_id, code, quantity, total, currency, status, created_at, expires_at,
                    email, name, secret_hash)
                SELECT event_id, id, user_id, code, quantity, total, currency, status, created_at, expires_at,
                    email, name, secret_hash
                FROM unnest(
                    CAST(@eventIds AS uuid[]), CAST(@ids AS uuid[]), CAST(@userIds AS uuid[]), CAST(@codes AS text[]),
                    CAST(@quantities AS integer[]), CAST(@totals AS bigint[]), CAST(@currencies AS text[]),
                    CAST(@statuses AS text[]), CAST(@createdAts AS timestamptz[]), CAST(@expiresAts AS timestamptz[]),
                    CAST(@emails AS text[]), CAST(@names AS text[]), CAST(@secretHashes AS text[]))
                    AS b (
                        event_id, id, user_id, code, quantity, total, currency, status, created_at, expires_at,
                        email, name, secret_hash)
                """;
        }

        public static class InsertLines
        {
            public const string Sqlite =
                """
                INSERT INTO booking_lines (event_id, booking_id, ticket_type_id, quantity, price)
                VALUES (@eventId, @bookingId, @typeId, @quantity, @price)
                """;

            public const string Postgres =
                """
                INSERT INTO booking_lines (event_id, booking_id, ticket_type_id, quantity, price)
                SELECT event_id, booking_id, ticket_type_id, quantity, price
                FROM unnest(
                    CAST(@eventIds AS uuid[]), CAST(@bookingIds AS uuid[]), CAST(@typeIds AS uuid[]),
                    CAST(@quantities AS integer[]), CAST(@prices AS bigint[]))
                    AS l (event_id, booking_id, ticket_type_id, quantity, price)
                """;
        }

        public static class InsertTickets
        {
            public const string Sqlite =
                """
                INSERT INTO tickets (event_id, booking_id, id, ticket_type_id, code, status)
                VALUES (@eventId, @bookingId, @id, @typeId, @code, 'valid')
                """;

            public const string Postgres =
                """
                INSERT INTO tickets (event_id, booking_id, id, ticket_type_id, code, status)
                SELECT event_id, booking_id, id, ticket_type_id, code, 'valid'
                FROM unnest(
                    CAST(@eventIds AS uuid[]), CAST(@bookingIds AS uuid[]),
                    CAST(@ids AS uuid[]), CAST(@typeIds AS uuid[]), CAST(@codes AS text[]))
                    AS t (event_id, booking_id, id, ticket_type_id, code)
                """;
        }
    }
}
