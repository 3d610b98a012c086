namespace Gatehouse.Journal.Domain;

/// <summary>What the counts say of a range, all of one moment.</summary>
/// <param name="Days">Those that have entries, with some before the range.</param>
/// <param name="Compared">All of the other range.</param>
/// <param name="Written">Every day of the journal that has an entry.</param>
/// <param name="Hours">By hour of the week.</param>
internal sealed record StatsRows(
    IReadOnlyDictionary<DateOnly, MoodCounts> Days,
    MoodCounts Compared,
    IReadOnlyList<DateOnly> Written,
    IReadOnlyDictionary<int, MoodCounts> Hours,
    StatsGroups Categories,
    StatsGroups Tags)
{
    public static readonly StatsRows None = new(
        new Dictionary<DateOnly, MoodCounts>(), new MoodCounts(), [], new Dictionary<int, MoodCounts>(),
        StatsGroups.None, StatsGroups.None);
}

/// <summary>Groups by name, the most used first.</summary>
/// <param name="Total">How many there are, with those that were left out.</param>
internal sealed record StatsGroups(IReadOnlyList<(string Name, MoodCounts Counts)> Items, long Total)
{
    public static readonly StatsGroups None = new([], 0);
}
