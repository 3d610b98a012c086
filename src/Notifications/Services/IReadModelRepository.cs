using Gatehouse.Foundation.Data;

namespace Gatehouse.Notifications.Services;

/// <summary>
/// What is known of people, events and bookings. Keeping something older than what is known changes nothing, so facts
/// may come repeated, late and in any order.
/// </summary>
internal interface IReadModelRepository
{
    Task Keep(UnitOfWork unit, Recipient recipient);

    Task Keep(UnitOfWork unit, IReadOnlyList<KnownBooking> bookings);

    /// <summary>False where something newer is known of the account's role.</summary>
    Task<bool> KeepRole(UnitOfWork unit, Guid userId, string role, DateTimeOffset at);

    /// <summary>Whether the account may be used.</summary>
    Task KeepState(UnitOfWork unit, Guid userId, bool isDisabled, DateTimeOffset at);

    /// <summary>Answers what was known before, if this is newer; null otherwise, or where nothing was known.</summary>
    Task<KnownEvent?> Keep(UnitOfWork unit, KnownEvent @event);

    /// <summary>Those of them that are known, by their ids.</summary>
    Task<IReadOnlyDictionary<Guid, Recipient>> FindRecipients(UnitOfWork unit, IReadOnlyCollection<Guid> users);

    /// <summary>
    /// Those of the events that are known, by their ids. Nobody changes them until the transaction ends: either what is
    /// written with them is seen by those who tell of a change, or they were read after the change.
    /// </summary>
    Task<IReadOnlyDictionary<Guid, KnownEvent>> FindEvents(UnitOfWork unit, IReadOnlyCollection<Guid> events);

    /// <summary>Whether the user has a confirmed booking of the event.</summary>
    Task<bool> HasBooked(UnitOfWork unit, Guid eventId, Guid userId);

    /// <summary>
    /// Those of known address with a booking of the event that was confirmed at <paramref name="at"/>, in order of
    /// their ids after <paramref name="after"/>.
    /// </summary>
    Task<IReadOnlyList<Recipient>> FindBookers(
        UnitOfWork unit, Guid eventId, DateTimeOffset at, Guid after, int limit);

    /// <summary>Forgets so many bookings at most of events that were over before that time.</summary>
    Task<int> PruneBookings(DateTimeOffset overBefore, int limit, CancellationToken cancellation);

    /// <summary>Forgets so many events at most that were over before that time and have no booking left here.</summary>
    Task<int> PruneEvents(DateTimeOffset overBefore, int limit, CancellationToken cancellation);
}
