using Gatehouse.Foundation.Data;
using Gatehouse.Journal.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Journal.Services;

/// <summary>
/// The row of a journal: whoever holds it is the only one who changes what is counted of this journal.
/// </summary>
internal interface ICountsStateRepository
{
    /// <summary>Adds to the number of entries, and locks the row; makes it where there is none.</summary>
    Task<CountsState> Count(UnitOfWork unit, UserId owner, int added);

    /// <summary>The same for many, who each have new entries; locks their rows in one order everywhere.</summary>
    Task<IReadOnlyDictionary<UserId, CountsState>> CountNew(UnitOfWork unit, IReadOnlyList<NewEntries> added);

    /// <summary>Locks the row; null where there is none.</summary>
    Task<CountsState?> Lock(UnitOfWork unit, UserId owner);

    /// <summary>
    /// Locks the rows that are there and that nobody has locked; waits for none. Null: it was not asked how they are.
    /// </summary>
    Task<IReadOnlyDictionary<UserId, CountsState?>> LockFree(UnitOfWork unit, IReadOnlyList<UserId> owners);

    /// <summary>Locks the row, which is made where there is none.</summary>
    Task<CountsState> LockOrMake(UnitOfWork unit, UserId owner);

    Task Save(UnitOfWork unit, UserId owner, CountsState state);

    /// <summary>Makes the number of entries what the counts that are read say; the row is locked.</summary>
    Task Recount(UnitOfWork unit, UserId owner);

    Task<CountsState?> Find(UserId owner, CancellationToken cancellation);

    /// <summary>Journals whose counts are to be built, by id, after that one.</summary>
    Task<IReadOnlyList<UserId>> Unbuilt(UserId after, int limit, CancellationToken cancellation);

    /// <summary>All journals, by id, after that one.</summary>
    Task<IReadOnlyList<UserId>> List(UserId after, int limit, CancellationToken cancellation);
}

/// <summary>So many new ones of a person.</summary>
/// <param name="Locked">The journal, where this transaction has locked it already.</param>
internal sealed record NewEntries(UserId Owner, int Count, CountsState? Locked);
