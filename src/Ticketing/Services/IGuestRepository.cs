using Gatehouse.Contracts.Ticketing;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

/// <summary>Reads the guest list.</summary>
internal interface IGuestRepository
{
    Task<Page<GuestView>> List(EventId of, GuestSearch? search, PageRequest page, CancellationToken cancellation);
}
