using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;
using Gatehouse.Ticketing.Services;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Ticketing.Sql;

internal sealed class GuestRepository([FromKeyedServices(TicketingModule.DatabaseName)] Database database)
    : IGuestRepository
{
    // Above every character, so that below it is whatever begins with the word.
    private const string Last = "\U0010FFFF";

    public async Task<Page<GuestView>> List(
        EventId of, GuestSearch? search, PageRequest page, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        var args = new
        {
            eventId = of.Value,
            after = page.After?.Id ?? Guid.Empty,
            limit = page.Limit + 1,
            code = search?.BookingCode ?? "",
            number = search?.Number,
            word = search?.Words[0] ?? "",
            wordEnd = search?.Words[0] + Last,
            other = search?.Words[^1] ?? "",
            otherEnd = search?.Words[^1] + Last,
        };
        var rows = await session.Query<GuestRow>(search is null ? Sql.All : Sql.Found, args);
        var shown = rows.Take(page.Limit).ToList();
        return new Page<GuestView>(shown.ConvertAll(row => row.ToContract()), page.Limit)
        {
            NextCursor = rows.Count > page.Limit
                ? new Cursor(DateTimeOffset.UnixEpoch, shown[^1].Id).ToString()
                : null,
        };
    }

    private sealed class GuestRow
    {
        public Guid Id { get; init; }

        public Guid TicketTypeId { get; init; }

        public string TypeName { get; init; } = "";

        public string BookingCode { get; init; } = "";

        public long Number { get; init; }

        public string? Name { get; init; }

        public string? Email { get; init; }

        public Guid? CheckInId { get; init; }

        public DateTimeOffset? At { get; init; }

        public string? Gate { get; init; }

        public GuestView ToContract() => new(
            Id,
            $"{BookingCode}-{Number}",
            BookingCode,
            TicketTypeId,
            TypeName,
            Name,
            Email,
            CheckInId is { } checkIn ? new AdmissionView(checkIn, At!.Value, Gate) : null);
    }

    private static class Sql
    {
        // What is numbered is all tickets of a booking, those that were given back too.
        private const string Select =
            """
            SELECT t.id, t.ticket_type_id, y.name AS type_name, b.code AS booking_code, b.name, b.email,
                c.id AS check_in_id, c.at, c.gate, (
                    SELECT COUNT(*)
                    FROM tickets o
                    WHERE o.event_id = t.event_id AND o.booking_id = t.booking_id AND o.id <= t.id) AS number

            """;

        private const string Joins =
            """
            JOIN bookings b ON b.event_id = t.event_id AND b.id = t.booking_id
            JOIN ticket_types y ON y.event_id = t.event_id AND y.id = t.ticket_type_id
            LEFT JOIN check_ins c ON c.event_id = t.event_id AND c.ticket_id = t.id AND c.undone_at IS NULL
            WHERE t.event_id = @eventId AND t.id > @after AND t.status = 'valid'

            """;

        private const string Limit =
            """
            ORDER BY t.id
            LIMIT @limit
            """;

        public const string All = Select +
            """
            FROM tickets t

            """ + Joins + Limit;

        // CROSS JOIN: SQLite begins with the bookings that were found then, and not with all tickets.
        public const string Found = Select +
            """
            FROM (
                SELECT booking_id
                FROM guest_words
                WHERE event_id = @eventId AND word >= @word AND word < @wordEnd AND booking_id IN (
                    SELECT booking_id
                    FROM guest_words
                    WHERE event_id = @eventId AND word >= @other AND word < @otherEnd)
                UNION
                SELECT id
                FROM bookings
                WHERE event_id = @eventId AND code = @code) f
            CROSS JOIN tickets t

            """ + Joins +
            """
                AND t.booking_id = COALESCE(f.booking_id, f.booking_id)
                AND (CAST(@number AS integer) IS NULL OR @number = (
                    SELECT COUNT(*)
                    FROM tickets o
                    WHERE o.event_id = t.event_id AND o.booking_id = t.booking_id AND o.id <= t.id))

            """ + Limit;
    }
}
