using Gatehouse.Contracts.Journal;
using Gatehouse.Kernel;

namespace Gatehouse.Journal.Services;

/// <summary>Reads a person's own entries part by part, in the order of their ids.</summary>
internal interface IEntryExportRepository
{
    /// <summary>
    /// Of the next entries, as many as the limit, those that pass the filter, whatever words it asks for; and the last
    /// of all that were looked at, null at the end. So each part costs the same, however few pass.
    /// </summary>
    Task<(IReadOnlyList<EntryView> Entries, EntryId? Last)> After(
        UserId owner, EntryFilter filter, EntryId after, int limit, CancellationToken cancellation);

    /// <summary>Which pass the filter and have its words.</summary>
    Task<IReadOnlyList<EntryId>> Find(
        UserId owner, EntryFilter filter, EntryId after, int limit, CancellationToken cancellation);

    /// <summary>Those of them that are still there.</summary>
    Task<IReadOnlyList<EntryView>> Read(
        UserId owner, IReadOnlyList<EntryId> ids, CancellationToken cancellation);
}
