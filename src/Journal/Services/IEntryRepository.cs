using Gatehouse.Foundation.Data;
using Gatehouse.Journal.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Journal.Services;

/// <summary>
/// Writes entries. Whoever changes one locks it first and the journal's row after it: one order, no deadlock.
/// </summary>
internal interface IEntryRepository
{
    /// <summary>New entries of one owner.</summary>
    Task Insert(UnitOfWork unit, UserId owner, IReadOnlyList<Entry> entries);

    /// <summary>Kept as it is until the transaction ends; deleted ones too. Null where the owner has none such.</summary>
    Task<Entry?> Lock(UnitOfWork unit, UserId owner, EntryId id);

    /// <summary>Writes back one that was locked, one version on.</summary>
    /// <param name="unit">The transaction that locked it.</param>
    /// <param name="entry">As it is now.</param>
    /// <param name="before">What it said while it was not deleted; null where it was.</param>
    Task Update(UnitOfWork unit, Entry entry, CheckedEntry? before);

    /// <summary>Deletes for good what was deleted before then; answers how many, at most <paramref name="limit"/>.
    /// </summary>
    Task<int> Prune(DateTimeOffset deletedBefore, int limit, CancellationToken cancellation);
}
