using Gatehouse.Contracts.Journal;
using Gatehouse.Kernel;

namespace Gatehouse.Journal.Services;

/// <summary>Reads a person's own entries, those that are not deleted.</summary>
internal interface IEntryViewRepository
{
    Task<EntryView?> Find(UserId owner, EntryId id, CancellationToken cancellation);

    /// <summary>Newest first.</summary>
    Task<Page<EntryView>> List(
        UserId owner, EntryFilter filter, PageRequest page, CancellationToken cancellation);
}
