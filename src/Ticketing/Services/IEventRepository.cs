using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

/// <summary>
/// Writes events and their pools. Whoever changes anything of an event locks it first: one order, no deadlock.
/// </summary>
internal interface IEventRepository
{
    /// <summary>False where the slug is taken.</summary>
    Task<bool> Insert(UnitOfWork unit, Event of, Pool own, TicketType standard);

    /// <summary>
    /// The event, its pools and its ticket types as they are now, kept so until the transaction ends; null where there
    /// is none.
    /// </summary>
    Task<(Event Event, Offer Offer)?> Lock(UnitOfWork unit, EventId id);

    /// <summary>The same without a lock, for display; places of holds that have lapsed by now are free.</summary>
    Task<(Event Event, Offer Offer)?> Read(EventId id, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Writes back an event that was locked, one version on.</summary>
    Task Update(UnitOfWork unit, Event of, Pool own);

    /// <summary>False where there are bookings.</summary>
    Task<bool> Delete(UnitOfWork unit, EventId id);
}
