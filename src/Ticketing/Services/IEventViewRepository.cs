using Gatehouse.Contracts.Ticketing;
using Gatehouse.Kernel;

namespace Gatehouse.Ticketing.Services;

/// <summary>
/// Reads events as people see them, with the places free at this moment: a lapsed hold counts as free.
/// </summary>
internal interface IEventViewRepository
{
    /// <summary>With its organizer, so that the caller can decide who sees a draft.</summary>
    Task<(EventView View, UserId Organizer)?> Find(string idOrSlug, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>What is published and has not ended, by start.</summary>
    Task<Page<EventView>> Published(PageRequest page, DateTimeOffset now, CancellationToken cancellation);

    Task<Page<EventView>> OfOrganizer(
        UserId organizer, PageRequest page, DateTimeOffset now, CancellationToken cancellation);
}
