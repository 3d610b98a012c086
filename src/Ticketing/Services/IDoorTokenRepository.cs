using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

internal interface IDoorTokenRepository
{
    /// <summary>The event is locked before, so that they can be counted.</summary>
    Task Insert(UnitOfWork unit, DoorToken token);

    Task<int> Count(UnitOfWork unit, EventId of);

    /// <summary>False where the event has no such token.</summary>
    Task<bool> Delete(UnitOfWork unit, EventId of, Guid id);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<DoorToken>> List(EventId of, CancellationToken cancellation);

    Task<DoorToken?> Find(string hash, CancellationToken cancellation);

    /// <summary>Whose the event is; null where there is none.</summary>
    Task<UserId?> FindOrganizer(EventId of, CancellationToken cancellation);
}
