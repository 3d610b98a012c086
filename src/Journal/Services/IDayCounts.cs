using Gatehouse.Foundation.Data;
using Gatehouse.Journal.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Journal.Services;

/// <summary>
/// How many entries there are, and how often each mood was by day and by month: kept by the very transaction that
/// changes an entry, so that no figure is ever counted from entries.
/// </summary>
internal interface IDayCounts
{
    /// <summary>
    /// Counts what the transaction changes, all of it at once, when the entries are written. From here to its end the
    /// journal's row is locked: nothing else may be locked after it but what belongs to this journal, and other
    /// journals in the order of their owners.
    /// </summary>
    Task Apply(UnitOfWork unit, UserId owner, IReadOnlyList<EntryChange> changes);

    /// <summary>The same for new entries of many people.</summary>
    /// <param name="unit">Of the entries too.</param>
    /// <param name="entries">Not yet counted.</param>
    /// <param name="locked">Journals as they were when this transaction locked them.</param>
    Task ApplyNew(
        UnitOfWork unit, IReadOnlyList<Entry> entries, IReadOnlyDictionary<UserId, CountsState?> locked);

    /// <summary>Adds to the rows of one generation. The journal's row is locked.</summary>
    Task Add(UnitOfWork unit, UserId owner, int generation, MoodDeltas deltas);

    /// <summary>Entries that are not deleted, by id, after that one.</summary>
    Task<IReadOnlyList<CountedEntry>> Next(UnitOfWork unit, UserId owner, Guid after, int limit);

    /// <summary>Deletes rows of generations that nobody reads or builds; answers how many, about the limit at most.
    /// </summary>
    Task<int> DeleteStale(UserId owner, int limit, CancellationToken cancellation);
}
