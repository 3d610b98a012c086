using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

/// <summary>Admissions. They lock tickets and never an event: the door does not wait behind the sale.</summary>
internal interface ICheckInRepository
{
    /// <summary>The ticket of a random code of an earlier release; null where the event has none.</summary>
    Task<TicketId?> FindPlain(EventId of, string code, CancellationToken cancellation);

    /// <summary>
    /// The ticket as it is now, kept so until the transaction ends: whoever voids it at the same moment was before, or
    /// waits. Null where the event has none.
    /// </summary>
    Task<TicketAtDoor?> Lock(UnitOfWork unit, EventId of, TicketId id);

    /// <summary>False where the ticket is admitted already, or admits nobody.</summary>
    Task<bool> Admit(UnitOfWork unit, CheckIn admission);

    /// <summary>The admission that stands; null where there is none.</summary>
    Task<CheckIn?> FindLive(UnitOfWork unit, EventId of, TicketId ticket);

    /// <summary>Takes it back; null where it is unknown or was taken back before.</summary>
    Task<(TicketId Ticket, TicketTypeId Type, BookingId Booking, UserId Buyer)?> Undo(
        UnitOfWork unit, EventId of, CheckInId id, Guid by, string reason, DateTimeOffset now);

    /// <summary>Whether there is such a one, taken back or not.</summary>
    Task<bool> Exists(UnitOfWork unit, EventId of, CheckInId id);

    /// <summary>
    /// Whether any of the booking's tickets, or the one, is admitted; none of them can be until the transaction ends.
    /// </summary>
    Task<bool> LockAdmitted(UnitOfWork unit, EventId of, BookingId booking, TicketId? ticket);

    Task<CheckInCounts> Count(EventId of, CancellationToken cancellation);
}
