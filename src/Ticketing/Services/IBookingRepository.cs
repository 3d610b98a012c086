using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

/// <summary>Writes bookings with their tickets and places. The event is locked before.</summary>
internal interface IBookingRepository
{
    /// <summary>
    /// Moves the places that were decided on. The condition is the promise that nothing is oversold, whatever the
    /// caller believed; that it fails under the event's lock is a bug, not a refusal.
    /// </summary>
    Task MovePlaces(UnitOfWork unit, EventId of, Offer offer);

    Task Insert(UnitOfWork unit, IReadOnlyList<Booking> bookings);

    /// <summary>Places of each type that these buyers have in bookings that are held or confirmed.</summary>
    Task<Dictionary<(UserId Buyer, TicketTypeId Type), int>> Bought(
        UnitOfWork unit, EventId of, IReadOnlyList<UserId> buyers);

    /// <summary>
    /// Marks lapsed holds of the event as expired, those that lapsed first and <paramref name="limit"/> at most; their
    /// places are the caller's to give back.
    /// </summary>
    Task<IReadOnlyList<Booking>> ExpireHolds(UnitOfWork unit, EventId of, DateTimeOffset now, int limit);

    /// <summary>Events with holds that have lapsed and were not tidied yet.</summary>
    Task<IReadOnlyList<EventId>> FindLapsed(DateTimeOffset now, int limit, CancellationToken cancellation);

    /// <summary>The event of a booking of this buyer; null where it is unknown or someone else's.</summary>
    Task<EventId?> FindEvent(BookingId id, UserId buyer, CancellationToken cancellation);

    /// <summary>Who booked as a guest, and the hash of what opens the booking; null where no guest did.</summary>
    Task<(UserId Guest, string SecretHash)?> FindGuest(BookingId id, CancellationToken cancellation);

    /// <summary>A booking of the event without its tickets; null where it is unknown.</summary>
    Task<Booking?> Find(UnitOfWork unit, EventId of, BookingId id);

    /// <summary>Those that have their places still, without their tickets, by id after that one.</summary>
    Task<IReadOnlyList<Booking>> FindLive(UnitOfWork unit, EventId of, BookingId after, int limit);

    /// <summary>A ticket of the booking; null where it never had such a one.</summary>
    Task<(TicketTypeId Type, bool IsValid)?> FindTicket(UnitOfWork unit, Booking booking, TicketId ticket);

    /// <summary>Writes back that it was confirmed, and the tickets it got.</summary>
    Task Confirm(UnitOfWork unit, Booking booking);

    /// <summary>Writes back that it was cancelled, and voids its tickets.</summary>
    Task Cancel(UnitOfWork unit, Booking booking);

    /// <summary>Writes back that it has a place of the type less, and voids the ticket.</summary>
    Task CancelTicket(UnitOfWork unit, Booking booking, TicketId ticket, TicketTypeId type);
}
