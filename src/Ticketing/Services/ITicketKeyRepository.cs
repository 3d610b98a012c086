using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

internal interface ITicketKeyRepository
{
    /// <summary>
    /// Keeps a key under its number; false, and nothing is changed, where there is one of that number: of several
    /// instances at once, one succeeds.
    /// </summary>
    Task<bool> Add(TicketKey key, CancellationToken cancellation);

    /// <summary>Every key, the newest first.</summary>
    Task<IReadOnlyList<TicketKey>> All(CancellationToken cancellation);
}
