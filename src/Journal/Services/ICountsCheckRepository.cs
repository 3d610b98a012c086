using Gatehouse.Contracts.Journal;
using Gatehouse.Journal.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Journal.Services;

/// <summary>Reads counts and what they should be, both of one moment.</summary>
internal interface ICountsCheckRepository
{
    Task<CountsSpan> Span(UserId owner, int generation, CancellationToken cancellation);

    /// <summary>The rows of those days, and entries of these days and of some hours more at either end.</summary>
    Task<(IReadOnlyList<CountedEntry> Entries, IReadOnlyDictionary<MoodKey, MoodCounts> Rows)> Days(
        UserId owner, int generation, DayRange days, CancellationToken cancellation);

    /// <summary>Rows of the month that are not the sum of its days.</summary>
    Task<IReadOnlyList<CountDifference>> Month(
        UserId owner, int generation, DateOnly month, CancellationToken cancellation);
}

/// <summary>How far a journal reaches.</summary>
/// <param name="Entries">As the journal says.</param>
/// <param name="Counted">As there are.</param>
/// <param name="Range">With all entries and all counts in it; null where there is neither.</param>
internal sealed record CountsSpan(long Entries, long Counted, DayRange? Range);
