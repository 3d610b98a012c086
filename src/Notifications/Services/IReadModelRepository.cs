using Gatehouse.Foundation.Data;

namespace Gatehouse.Notifications.Services;

/// <summary>
/// What is known of people, events and bookings. Keeping something older than what is known changes nothing, so facts
/// may come repeated, late and in any order.
/// </summary>
internal interface IReadModelRepository
{
    Task Keep(UnitOfWork unit, Recipient recipient);

    Task Keep(UnitOfWork unit, KnownBooking booking);

    /// <summary>Answers what was known before, if this is newer; null otherwise, or where nothing was known.</summary>
    Task<KnownEvent?> Keep(UnitOfWork unit, KnownEvent @event);

    Task<Recipient?> FindRecipient(UnitOfWork unit, Guid userId);

    /// <summary>
    /// The event, which nobody changes until the transaction ends: either what is written with it is seen by those
    /// who tell of a change, or it was read after the change.
    /// </summary>
    Task<KnownEvent?> FindEvent(UnitOfWork unit, Guid eventId);

    /// <summary>Whether the user has a confirmed booking of the event.</summary>
    Task<bool> HasBooked(UnitOfWork unit, Guid eventId, Guid userId);

    /// <summary>
    /// Those of known address with a booking of the event that was confirmed at <paramref name="at"/>, in order of
    /// their ids after <paramref name="after"/>.
    /// </summary>
    Task<IReadOnlyList<Recipient>> FindBookers(
        UnitOfWork unit, Guid eventId, DateTimeOffset at, Guid after, int limit);
}
