namespace Gatehouse.Contracts.Journal;

/// <summary>
/// Holds what is counted of journals against their entries, for an operator. It may run beside everything else.
/// </summary>
public interface IJournalCheck
{
    /// <summary>Owners of journals by id, after that one; 100 at most.</summary>
    Task<IReadOnlyList<Guid>> Journals(Guid after, CancellationToken cancellation);

    /// <summary>
    /// Every count of the journal that is not what its entries add up to; must be empty. The first 1,000.
    /// </summary>
    Task<IReadOnlyList<CountDifference>> Check(Guid user, CancellationToken cancellation);

    /// <summary>Counts the journal anew beside what is read, and then has that read.</summary>
    Task Repair(Guid user, CancellationToken cancellation);
}

/// <summary>A count that is wrong.</summary>
/// <param name="Kind">
/// <c>entries</c>: how many there are; <c>all</c>, <c>hour</c>, <c>category</c>, <c>tag</c>: how often moods were, by
/// that; <c>generation</c>: nothing was counted yet. Names of categories and tags are their owner's, and not told.
/// </param>
/// <param name="Grain"><c>day</c> or <c>month</c>, where it is of one.</param>
/// <param name="Period">The first day of it.</param>
/// <param name="Expected">Entries; for each mood from 1 to 10 where there are ten.</param>
public sealed record CountDifference(
    string Kind, string? Grain, DateOnly? Period, IReadOnlyList<long> Expected, IReadOnlyList<long> Actual);
