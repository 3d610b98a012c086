using Gatehouse.Foundation.Data;
using Gatehouse.Journal.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Journal.Services;

/// <summary>
/// Writes entries. Whoever changes one locks it first and the journal's row after it: one order, no deadlock.
/// </summary>
internal interface IEntryRepository
{
    /// <summary>New entries, of one owner or of many.</summary>
    Task Insert(UnitOfWork unit, IReadOnlyList<Entry> entries);

    /// <summary>Kept as it is until the transaction ends; deleted ones too. Null where there is none.</summary>
    Task<Entry?> Lock(UnitOfWork unit, UserId owner, EntryId id);

    /// <summary>Writes back one that was locked, one version on.</summary>
    /// <param name="unit">The transaction that locked it.</param>
    /// <param name="entry">As it is now.</param>
    /// <param name="before">What it said while it was not deleted; null where it was.</param>
    Task Update(UnitOfWork unit, Entry entry, CheckedEntry? before);

    /// <summary>Deletes for good what cannot be had back by now; answers how many, at most the limit.</summary>
    Task<int> Prune(DateTimeOffset now, int limit, CancellationToken cancellation);
}
