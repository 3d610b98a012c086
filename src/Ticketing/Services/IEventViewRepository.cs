using Gatehouse.Contracts.Ticketing;
using Gatehouse.Kernel;

namespace Gatehouse.Ticketing.Services;

/// <summary>
/// Reads events as people see them, with the places free at this moment: a lapsed hold counts as free.
/// </summary>
internal interface IEventViewRepository
{
    Task<EventId?> FindId(string slug, CancellationToken cancellation);

    /// <summary>By start.</summary>
    Task<Page<EventView>> List(
        EventListing listing, PageRequest page, DateTimeOffset now, CancellationToken cancellation);
}

/// <summary>What is listed.</summary>
/// <param name="Organizer">Whose events, of any status; null: those that are published and have not ended.</param>
/// <param name="Words">All of them are in each; the last may be begun.</param>
/// <param name="From">They end after that.</param>
/// <param name="Until">They start before that.</param>
internal sealed record EventListing(
    UserId? Organizer, IReadOnlyList<string> Words, DateTimeOffset From, DateTimeOffset Until);
