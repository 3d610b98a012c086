using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

/// <summary>Writes ticket types and pools of an event that is locked.</summary>
internal interface ITicketTypeRepository
{
    /// <summary>With what it draws on.</summary>
    Task Insert(UnitOfWork unit, TicketType type);

    Task Update(UnitOfWork unit, TicketType type);

    /// <summary>False where it was ever booked.</summary>
    Task<bool> Delete(UnitOfWork unit, TicketType type);

    /// <summary>False where the event has one of that name.</summary>
    Task<bool> Insert(UnitOfWork unit, EventId of, Pool pool);

    /// <summary>Its size; false where another pool has the name.</summary>
    Task<bool> Update(UnitOfWork unit, EventId of, Pool pool, string name);

    /// <summary>False where a type draws on it.</summary>
    Task<bool> Delete(UnitOfWork unit, EventId of, Pool pool);
}
