using Gatehouse.Foundation.Data;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Sql;

/// <summary>Writes what a batch has placed: all of it in one statement where the engine can.</summary>
internal static class NewBookings
{
    public static async Task Insert(UnitOfWork unit, IReadOnlyList<Booking> bookings)
    {
        if (bookings.Count == 0)
        {
            return;
        }

        var lines = bookings.SelectMany(booking => booking.Lines, (booking, line) => (booking, line)).ToList();
        var tickets = Tickets(bookings);
        await (unit.IsPostgres
            ? InsertTogether(unit, bookings, lines, tickets)
            : InsertEach(unit, bookings, lines, tickets));
        await GuestWords.Insert(unit, bookings);
    }

    /// <summary>Of a booking that was confirmed just now.</summary>
    public static Task InsertTickets(UnitOfWork unit, Booking booking) => InsertTickets(unit, Tickets([booking]));

    private static Task<int> InsertTogether(
        UnitOfWork unit,
        IReadOnlyList<Booking> bookings,
        List<(Booking Of, BookingLine Line)> lines,
        List<(Booking Of, Ticket Ticket)> tickets) => unit.Execute(Sql.Insert.Postgres, new
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
            lineEventIds = lines.Column(l => l.Of.Event.Value),
            lineBookingIds = lines.Column(l => l.Of.Id.Value),
            lineTypeIds = lines.Column(l => l.Line.Type.Value),
            lineQuantities = lines.Column(l => l.Line.Quantity),
            linePrices = lines.Column(l => l.Line.Price),
            ticketEventIds = tickets.Column(t => t.Of.Event.Value),
            ticketBookingIds = tickets.Column(t => t.Of.Id.Value),
            ticketIds = tickets.Column(t => t.Ticket.Id.Value),
            ticketTypeIds = tickets.Column(t => t.Ticket.Type.Value),
            ticketCodes = tickets.Column(t => t.Ticket.Code),
        });

    private static async Task InsertEach(
        UnitOfWork unit,
        IReadOnlyList<Booking> bookings,
        List<(Booking Of, BookingLine Line)> lines,
        List<(Booking Of, Ticket Ticket)> tickets)
    {
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
            email = b.Email,
            name = b.Name,
            secretHash = b.SecretHash,
        }));
        await unit.Execute(Sql.InsertLines.Sqlite, lines.Column(l => new
        {
            eventId = l.Of.Event.Value,
            bookingId = l.Of.Id.Value,
            typeId = l.Line.Type.Value,
            quantity = l.Line.Quantity,
            price = l.Line.Price,
        }));
        await InsertTickets(unit, tickets);
    }

    private static async Task InsertTickets(UnitOfWork unit, List<(Booking Of, Ticket Ticket)> tickets)
    {
        if (tickets.Count == 0)
        {
            return;
        }

        await (unit.IsPostgres
            ? unit.Execute(Sql.InsertTickets.Postgres, new
            {
                ticketEventIds = tickets.Column(t => t.Of.Event.Value),
                ticketBookingIds = tickets.Column(t => t.Of.Id.Value),
                ticketIds = tickets.Column(t => t.Ticket.Id.Value),
                ticketTypeIds = tickets.Column(t => t.Ticket.Type.Value),
                ticketCodes = tickets.Column(t => t.Ticket.Code),
            })
            : unit.Execute(Sql.InsertTickets.Sqlite, tickets.Column(t => new
            {
                eventId = t.Of.Event.Value,
                bookingId = t.Of.Id.Value,
                id = t.Ticket.Id.Value,
                typeId = t.Ticket.Type.Value,
                code = t.Ticket.Code,
            })));
    }

    private static List<(Booking Of, Ticket Ticket)> Tickets(IReadOnlyList<Booking> bookings) =>
        [.. bookings.SelectMany(booking => booking.Tickets, (booking, ticket) => (booking, ticket))];

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
                $"""
                WITH placed AS (
                    INSERT INTO bookings (
                        event_id, id, user_id, code, quantity, total, currency, status, created_at, expires_at,
                        email, name, secret_hash)
                    SELECT event_id, id, user_id, code, quantity, total, currency, status, created_at, expires_at,
                        email, name, secret_hash
                    FROM unnest(
                        CAST(@eventIds AS uuid[]), CAST(@ids AS uuid[]), CAST(@userIds AS uuid[]),
                        CAST(@codes AS text[]), CAST(@quantities AS integer[]), CAST(@totals AS bigint[]),
                        CAST(@currencies AS text[]), CAST(@statuses AS text[]), CAST(@createdAts AS timestamptz[]),
                        CAST(@expiresAts AS timestamptz[]), CAST(@emails AS text[]), CAST(@names AS text[]),
                        CAST(@secretHashes AS text[]))
                        AS b (
                            event_id, id, user_id, code, quantity, total, currency, status, created_at, expires_at,
                            email, name, secret_hash)),
                lines AS (
                    INSERT INTO booking_lines (event_id, booking_id, ticket_type_id, quantity, price)
                    SELECT event_id, booking_id, ticket_type_id, quantity, price
                    FROM unnest(
                        CAST(@lineEventIds AS uuid[]), CAST(@lineBookingIds AS uuid[]), CAST(@lineTypeIds AS uuid[]),
                        CAST(@lineQuantities AS integer[]), CAST(@linePrices AS bigint[]))
                        AS l (event_id, booking_id, ticket_type_id, quantity, price))
                {InsertTickets.Postgres}
                """;
        }

        public static class InsertLines
        {
            public const string Sqlite =
                """
                INSERT INTO booking_lines (event_id, booking_id, ticket_type_id, quantity, price)
                VALUES (@eventId, @bookingId, @typeId, @quantity, @price)
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
                    CAST(@ticketEventIds AS uuid[]), CAST(@ticketBookingIds AS uuid[]), CAST(@ticketIds AS uuid[]),
                    CAST(@ticketTypeIds AS uuid[]), CAST(@ticketCodes AS text[]))
                    AS t (event_id, booking_id, id, ticket_type_id, code)
                """;
        }
    }
}
