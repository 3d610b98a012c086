using Gatehouse.Contracts;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

/// <summary>An event that nobody else changes until the transaction ends, and the time since when.</summary>
/// <param name="Event">As it is now.</param>
/// <param name="Pool">Its places, those of lapsed holds given back.</param>
/// <param name="Lapsed">The holds that had lapsed; they are expired now.</param>
/// <param name="Now">After the wait for the lock.</param>
internal sealed record LockedEvent(Event Event, Pool Pool, IReadOnlyList<Booking> Lapsed, DateTimeOffset Now);

/// <summary>
/// What every change of an event or its bookings begins and ends with, so that a lapsed hold counts as free in the very next
/// decision, whichever that is.
/// </summary>
internal sealed class EventLocks(IEventRepository events, IBookingRepository bookings, TimeProvider time)
{
    /// <summary>Null where there is no such event.</summary>
    public async Task<LockedEvent?> Take(UnitOfWork unit, EventId id)
    {
        if (await events.Lock(unit, id) is not var (@event, pool))
        {
            return null;
        }

        var now = time.Now();
        var lapsed = pool.Held > 0 ? await bookings.ExpireHolds(unit, id, now) : [];
        foreach (var hold in lapsed)
        {
            pool.ReleaseHeld(hold.Quantity);
        }

        return new LockedEvent(@event, pool, lapsed, now);
    }

    /// <summary>Writes where the places went, and tells of it and of what else happened.</summary>
    public async Task Save(UnitOfWork unit, LockedEvent locked, IEnumerable<IntegrationEvent> facts)
    {
        if (locked.Pool.Change != (0, 0))
        {
            await bookings.MovePlaces(unit, locked.Event.Id, locked.Pool);
        }

        await Outbox.Add(unit, [.. locked.Lapsed.Select(hold => hold.ToReleased(locked.Now)), .. facts]);
    }
}
