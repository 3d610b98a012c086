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
    Task<bool> Insert(UnitOfWork unit, Event of, Pool pool);

    /// <summary>
    /// The event and its pool as they are now, kept so until the transaction ends; null where there is none.
    /// </summary>
    Task<(Event Event, Pool Pool)?> Lock(UnitOfWork unit, EventId id);

    /// <summary>Writes back an event that was locked, one version on.</summary>
    Task Update(UnitOfWork unit, Event of, Pool pool);

    /// <summary>False where there are bookings.</summary>
    Task<bool> Delete(UnitOfWork unit, EventId id);
}
