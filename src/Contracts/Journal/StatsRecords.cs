namespace Gatehouse.Contracts.Journal;

/// <summary>Which days. Without any the last 30, today included.</summary>
/// <param name="From">The first day.</param>
/// <param name="Until">The day after the last; tomorrow unless given.</param>
/// <param name="Window">Days that a moving average is over, 1 to 90.</param>
/// <param name="CompareFrom">The first day of another range to compare with.</param>
/// <param name="CompareUntil">The day after its last; given if and only if its first is.</param>
public sealed record StatsQuery(
    DateOnly? From = null,
    DateOnly? Until = null,
    int Window = StatsQuery.WindowDefault,
    DateOnly? CompareFrom = null,
    DateOnly? CompareUntil = null)
{
    public const int WindowDefault = 7;
    public const int WindowMax = 90;
    public const int DaysDefault = 30;

    /// <summary>A hundred years.</summary>
    public const int DaysMax = 36_525;
}

/// <summary>What a range of days adds up to.</summary>
/// <param name="TimeZone">Of the tz database: whose days and hours they are.</param>
/// <param name="Distribution">How many entries have mood 1, 2, … 10.</param>
/// <param name="Days">
/// Each day of the range, those without an entry too; null where the range is longer than 3,660 days.
/// </param>
/// <param name="Weeks">Each week (ISO 8601) that touches the range, by its Monday; of the range alone.</param>
/// <param name="Months">Each month that touches the range, by its first day; of the range alone.</param>
/// <param name="Weekdays">All seven, Monday (1) first.</param>
/// <param name="Hours">All 24 of the day, from 0.</param>
/// <param name="WeekdayHours">Each hour of the week that has an entry.</param>
/// <param name="Streaks">Of the whole journal, whatever the range.</param>
/// <param name="Comparison">With the other range, where one was given.</param>
public sealed record StatsView(
    string TimeZone,
    RangeView Range,
    MoodFigures Summary,
    IReadOnlyList<long> Distribution,
    IReadOnlyList<DayView>? Days,
    IReadOnlyList<PeriodView> Weeks,
    IReadOnlyList<PeriodView> Months,
    IReadOnlyList<WeekdayView> Weekdays,
    IReadOnlyList<HourView> Hours,
    IReadOnlyList<WeekdayHourView> WeekdayHours,
    GroupsView Categories,
    GroupsView Tags,
    ExtremesView Extremes,
    StreaksView Streaks,
    ComparisonView? Comparison);

/// <summary>Days from the first to before the last.</summary>
/// <param name="Window">Days of the moving average.</param>
public sealed record RangeView(DateOnly From, DateOnly Until, int Days, int Window);

/// <summary>Figures of a group of entries; of none there is only the count.</summary>
/// <param name="StandardDeviation">Of the population: the entries are all there are.</param>
public sealed record MoodFigures(long Count, double? Mean, double? Median, double? StandardDeviation);

/// <param name="MovingAverage">
/// The mean of all entries of the days that end with this one, as many as the window: the mean of that range.
/// </param>
public sealed record DayView(DateOnly Date, MoodFigures Figures, double? MovingAverage);

/// <param name="Start">The first day of the week or month.</param>
public sealed record PeriodView(DateOnly Start, MoodFigures Figures);

/// <param name="Weekday">1 is Monday.</param>
public sealed record WeekdayView(int Weekday, MoodFigures Figures);

/// <param name="Hour">0 to 23 by the clock of the time zone; one that comes twice counts both times.</param>
public sealed record HourView(int Hour, MoodFigures Figures);

/// <summary>One hour of the week.</summary>
public sealed record WeekdayHourView(int Weekday, int Hour, MoodFigures Figures);

/// <summary>The most used first, by name where they are used alike.</summary>
/// <param name="Items">100 at most.</param>
/// <param name="Others">How many groups are left out.</param>
public sealed record GroupsView(IReadOnlyList<GroupView> Items, long Others);

/// <summary>A category or a tag.</summary>
public sealed record GroupView(string Name, MoodFigures Figures);

/// <summary>
/// Categories by their mean, then by how many entries are behind it, then by name; of the 1,000 most used.
/// </summary>
/// <param name="EntriesMin">A category with fewer entries in the range is not rated.</param>
/// <param name="Best">Up to 3, the best first.</param>
/// <param name="Worst">Up to 3, the worst first.</param>
public sealed record ExtremesView(int EntriesMin, IReadOnlyList<GroupView> Best, IReadOnlyList<GroupView> Worst);

/// <summary>Days in a row, up to today, that each have an entry.</summary>
/// <param name="Current">Ends today, or yesterday while today has none; 0 where neither has.</param>
/// <param name="CurrentFrom">Its first day.</param>
/// <param name="Longest">The later one of two that are as long.</param>
/// <param name="LongestFrom">Its first day.</param>
public sealed record StreaksView(int Current, DateOnly? CurrentFrom, int Longest, DateOnly? LongestFrom);

/// <summary>Another range, and how far the first is above it.</summary>
public sealed record ComparisonView(
    RangeView Range, MoodFigures Summary, IReadOnlyList<long> Distribution, DifferenceView Difference);

/// <summary>The range less the one it is compared with; null where one of them has no entry.</summary>
public sealed record DifferenceView(long Count, double? Mean, double? Median, double? StandardDeviation);
