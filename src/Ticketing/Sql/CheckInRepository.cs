using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;
using Gatehouse.Ticketing.Services;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Ticketing.Sql;

internal sealed class CheckInRepository([FromKeyedServices(TicketingModule.DatabaseName)] Database database)
    : ICheckInRepository
{
    public async Task<TicketId?> FindPlain(EventId of, string code, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        var found = await session.QueryFirst<Guid?>(Sql.FindPlain, new { eventId = of.Value, code });
        return found is { } id ? new TicketId(id) : null;
    }

    public async Task<TicketAtDoor?> Lock(UnitOfWork unit, EventId of, TicketId id)
    {
        var row = await unit.QueryFirst<TicketRow>(
            unit.Text(Sql.Lock.Sqlite, Sql.Lock.Postgres), new { eventId = of.Value, id = id.Value });
        return row is null
            ? null
            : new TicketAtDoor(
                id,
                new BookingId(row.BookingId),
                new UserId(row.UserId),
                new TicketTypeId(row.TicketTypeId),
                row.TypeName,
                row.BookingCode,
                row.Number,
                row.Guest,
                row.Status == "valid",
                row.Version);
    }

    public async Task<bool> Admit(UnitOfWork unit, CheckIn admission) => await unit.Execute(Sql.Admit, new
    {
        eventId = admission.Event.Value,
        id = admission.Id.Value,
        ticketId = admission.Ticket.Value,
        gate = admission.Gate,
        by = admission.By,
        at = admission.At,
    }) == 1;

    public async Task<CheckIn?> FindLive(UnitOfWork unit, EventId of, TicketId ticket)
    {
        var row = await unit.QueryFirst<CheckInRow>(
            Sql.FindLive, new { eventId = of.Value, ticketId = ticket.Value });
        return row is null
            ? null
            : new CheckIn(
                new CheckInId(row.Id), of, ticket, new TicketTypeId(row.TicketTypeId), row.Gate, row.ScannedBy, row.At);
    }

    public async Task<(TicketId Ticket, TicketTypeId Type, BookingId Booking, UserId Buyer)?> Undo(
        UnitOfWork unit, EventId of, CheckInId id, Guid by, string reason, DateTimeOffset now)
    {
        var args = new { eventId = of.Value, id = id.Value, by, reason, now };
        return await unit.Execute(Sql.Undo, args) == 1 && await unit.QueryFirst<UndoneRow>(Sql.Undone, args) is { } row
            ? (
                new TicketId(row.TicketId),
                new TicketTypeId(row.TicketTypeId),
                new BookingId(row.BookingId),
                new UserId(row.UserId))
            : null;
    }

    public async Task<bool> Exists(UnitOfWork unit, EventId of, CheckInId id) =>
        await unit.QueryFirst<int>(Sql.Exists, new { eventId = of.Value, id = id.Value }) == 1;

    public async Task<bool> LockAdmitted(UnitOfWork unit, EventId of, BookingId booking, TicketId? ticket)
    {
        var args = new { eventId = of.Value, bookingId = booking.Value, ticketId = ticket?.Value };
        if (unit.IsPostgres)
        {
            // A statement of its own: what follows sees admissions that were committed during the wait.
            await unit.Query<Guid>(Sql.LockTickets.Postgres, args);
        }

        return await unit.QueryFirst<int>(Sql.IsAdmitted, args) == 1;
    }

    public async Task<CheckInCounts> Count(EventId of, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        var args = new { eventId = of.Value };
        var types = await session.Query<CountRow>(Sql.CountTypes, args);
        var gates = await session.Query<CountRow>(Sql.CountGates, args);
        return new CheckInCounts(
            types.Sum(type => type.Valid),
            types.Sum(type => type.Admitted),
            types.Column(type => new TypeCount(type.Id, type.Name!, type.Valid, type.Admitted)),
            gates.Column(gate => new GateCount(gate.Name, gate.Admitted)));
    }

    private sealed class TicketRow
    {
        public Guid BookingId { get; init; }

        public Guid UserId { get; init; }

        public Guid TicketTypeId { get; init; }

        public string TypeName { get; init; } = "";

        public string BookingCode { get; init; } = "";

        public long Number { get; init; }

        public string? Guest { get; init; }

        public string Status { get; init; } = "";

        public int Version { get; init; }
    }

    private sealed class CheckInRow
    {
        public Guid Id { get; init; }

        public Guid TicketTypeId { get; init; }

        public string? Gate { get; init; }

        public Guid ScannedBy { get; init; }

        public DateTimeOffset At { get; init; }
    }

    private sealed class UndoneRow
    {
        public Guid TicketId { get; init; }

        public Guid TicketTypeId { get; init; }

        public Guid BookingId { get; init; }

        public Guid UserId { get; init; }
    }

    private sealed class CountRow
    {
        public Guid Id { get; init; }

        public string? Name { get; init; }

        public long Valid { get; init; }

        public long Admitted { get; init; }
    }

    private static class Sql
    {
        public const string FindPlain =
            """
            SELECT id
            FROM tickets
            WHERE event_id = @eventId AND code = @code AND length(code) = 26
            """;

        public static class Lock
        {
            public const string Sqlite =
                """
                SELECT t.booking_id, b.user_id, t.ticket_type_id, y.name AS type_name, b.code AS booking_code,
                    b.name AS guest, CASE WHEN e.status = 'cancelled' THEN 'void' ELSE t.status END AS status,
                    t.version, (
                        SELECT COUNT(*)
                        FROM tickets o
                        WHERE o.event_id = t.event_id AND o.booking_id = t.booking_id AND o.id <= t.id) AS number
                FROM tickets t
                JOIN events e ON e.id = t.event_id
                JOIN bookings b ON b.event_id = t.event_id AND b.id = t.booking_id
                JOIN ticket_types y ON y.event_id = t.event_id AND y.id = t.ticket_type_id
                WHERE t.event_id = @eventId AND t.id = @id
                """;

            // As an update that changes no key: what else is locked, events and bookings, is not waited for.
            public const string Postgres = Sqlite +
                """

                FOR NO KEY UPDATE OF t
                """;
        }

        // The condition is looked at where the admission is written, and the unique key stands behind it.
        public const string Admit =
            """
            INSERT INTO check_ins (event_id, id, ticket_id, ticket_type_id, gate, scanned_by, at)
            SELECT event_id, @id, id, ticket_type_id, @gate, @by, @at
            FROM tickets
            WHERE event_id = @eventId AND id = @ticketId AND status = 'valid'
            ON CONFLICT DO NOTHING
            """;

        public const string FindLive =
            """
            SELECT id, ticket_type_id, gate, scanned_by, at
            FROM check_ins
            WHERE event_id = @eventId AND ticket_id = @ticketId AND undone_at IS NULL
            """;

        public const string Undo =
            """
            UPDATE check_ins
            SET undone_at = @now, undone_by = @by, undo_reason = @reason
            WHERE event_id = @eventId AND id = @id AND undone_at IS NULL
            """;

        public const string Undone =
            """
            SELECT c.ticket_id, c.ticket_type_id, t.booking_id, b.user_id
            FROM check_ins c
            JOIN tickets t ON t.event_id = c.event_id AND t.id = c.ticket_id
            JOIN bookings b ON b.event_id = t.event_id AND b.id = t.booking_id
            WHERE c.event_id = @eventId AND c.id = @id
            """;

        public const string Exists =
            """
            SELECT 1
            FROM check_ins
            WHERE event_id = @eventId AND id = @id
            """;

        public static class LockTickets
        {
            public const string Postgres =
                """
                SELECT id
                FROM tickets
                WHERE event_id = @eventId AND booking_id = @bookingId
                    AND (CAST(@ticketId AS uuid) IS NULL OR id = @ticketId)
                ORDER BY id
                FOR NO KEY UPDATE
                """;
        }

        public const string IsAdmitted =
            """
            SELECT 1
            FROM tickets t
            JOIN check_ins c ON c.event_id = t.event_id AND c.ticket_id = t.id AND c.undone_at IS NULL
            WHERE t.event_id = @eventId AND t.booking_id = @bookingId
                AND (CAST(@ticketId AS uuid) IS NULL OR t.id = @ticketId)
            LIMIT 1
            """;

        public const string CountTypes =
            """
            SELECT y.id, y.name, COALESCE(v.places, 0) AS valid, COALESCE(a.places, 0) AS admitted
            FROM ticket_types y
            LEFT JOIN (
                SELECT ticket_type_id, COUNT(*) AS places
                FROM tickets
                WHERE event_id = @eventId AND status = 'valid'
                GROUP BY ticket_type_id) v ON v.ticket_type_id = y.id
            LEFT JOIN (
                SELECT ticket_type_id, COUNT(*) AS places
                FROM check_ins
                WHERE event_id = @eventId AND undone_at IS NULL
                GROUP BY ticket_type_id) a ON a.ticket_type_id = y.id
            WHERE y.event_id = @eventId
            ORDER BY y.position
            """;

        public const string CountGates =
            """
            SELECT gate AS name, COUNT(*) AS admitted
            FROM check_ins
            WHERE event_id = @eventId AND undone_at IS NULL
            GROUP BY gate
            ORDER BY admitted DESC, name
            LIMIT 100
            """;
    }
}
