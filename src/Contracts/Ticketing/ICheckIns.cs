using Gatehouse.Kernel;

namespace Gatehouse.Contracts.Ticketing;

/// <summary>
/// Admission at the door of one event: by its organizer, an administrator, or with a door token of that event. Codes of
/// all: <c>unauthenticated</c>, <c>invalid_door_token</c>, <c>forbidden</c>, <c>not_found</c> for an event of someone
/// else's.
/// </summary>
public interface ICheckIns
{
    /// <summary>
    /// Admits a ticket once, and says why not otherwise; of many scans at once one admits. It waits for no sale. With a
    /// scan id, a repeated call within 24 h answers what the first one did. Codes: <c>validation_failed</c>,
    /// <c>idempotency_mismatch</c>.
    /// </summary>
    Task<Result<CheckInView>> Scan(DoorPass pass, Guid eventId, ScanTicket scan, CancellationToken cancellation);

    /// <summary>
    /// Takes an admission back: the ticket admits again. Doing it again changes nothing. Codes: <c>not_found</c>,
    /// <c>validation_failed</c>.
    /// </summary>
    Task<Result<Done>> Undo(
        DoorPass pass, Guid eventId, Guid id, UndoCheckIn request, CancellationToken cancellation);

    Task<Result<CheckInCounts>> Count(DoorPass pass, Guid eventId, CancellationToken cancellation);

    /// <summary>
    /// Valid tickets, oldest first, by keyset; with <paramref name="search"/> those whose guest's name or e-mail
    /// address has words that begin so, or of a booking code, or the one of a short code. Code: <c>invalid_query</c>.
    /// </summary>
    Task<Result<Page<GuestView>>> Guests(
        DoorPass pass, Guid eventId, string? search, PageRequest page, CancellationToken cancellation);
}

/// <summary>Who stands at the door: somebody signed in, or whoever has the token.</summary>
public sealed record DoorPass(Caller? Caller, string? Token);

/// <summary>What was held before the scanner; a code, or by hand the id of a ticket of the guest list.</summary>
/// <param name="Code">As on the ticket; case, spaces and hyphens do not matter.</param>
/// <param name="TicketId">In place of a code.</param>
/// <param name="Gate">Up to 100 characters.</param>
/// <param name="ScanId">The device's name for this scan, up to 100 printable characters.</param>
public sealed record ScanTicket(
    string? Code = null, Guid? TicketId = null, string? Gate = null, string? ScanId = null);

/// <param name="Reason">1 to 300 characters, for the audit log.</param>
public sealed record UndoCheckIn(string? Reason = null);

/// <summary>What a scan comes to.</summary>
/// <param name="Result"><c>admitted</c>, <c>already_admitted</c>, <c>void</c>, <c>wrong_event</c> or <c>unknown</c>.
/// </param>
/// <param name="CheckInId">Of the admission, this one or the one before.</param>
/// <param name="At">When it was admitted.</param>
/// <param name="Gate">Where it was admitted, if that was said.</param>
/// <param name="Ticket">Absent where it is none of this event.</param>
/// <param name="Replayed">This is the answer of an earlier call with the same scan id.</param>
public sealed record CheckInView(
    string Result,
    Guid? CheckInId = null,
    DateTimeOffset? At = null,
    string? Gate = null,
    DoorTicketView? Ticket = null,
    bool? Replayed = null);

/// <summary>What the door needs to see of a ticket.</summary>
/// <param name="ShortCode">The code of the booking and the number of the ticket in it, to read out.</param>
/// <param name="Name">Of the guest, if that was said.</param>
public sealed record DoorTicketView(
    Guid Id, Guid TicketTypeId, string TicketType, string BookingCode, string ShortCode, string? Name);

/// <summary>How full it is.</summary>
/// <param name="Valid">Tickets that may come, those that came among them.</param>
/// <param name="Admitted">Tickets that came.</param>
public sealed record CheckInCounts(
    long Valid, long Admitted, IReadOnlyList<TypeCount> Types, IReadOnlyList<GateCount> Gates);

public sealed record TypeCount(Guid TicketTypeId, string TicketType, long Valid, long Admitted);

/// <param name="Gate">Absent for admissions that named none.</param>
public sealed record GateCount(string? Gate, long Admitted);

/// <summary>A valid ticket, and whether it came.</summary>
public sealed record GuestView(
    Guid TicketId,
    string ShortCode,
    string BookingCode,
    Guid TicketTypeId,
    string TicketType,
    string? Name,
    string? Email,
    AdmissionView? Admission);

public sealed record AdmissionView(Guid CheckInId, DateTimeOffset At, string? Gate);
