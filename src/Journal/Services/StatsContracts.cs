using Gatehouse.Contracts.Journal;
using Gatehouse.Journal.Domain;

namespace Gatehouse.Journal.Services;

/// <summary>Makes of counts what a person is shown.</summary>
internal static class StatsContracts
{
    private const int DaysMax = 3_660;
    private const int GroupsMax = 100;
    private const int ExtremesMax = 3;
    private const int ExtremeEntriesMin = 5;
    private const int WeekdaysAWeek = 7;
    private const int HoursADay = 24;

    public static StatsView ToContract(this StatsRows rows, StatsRange asked, string zone, DateOnly today)
    {
        var range = asked.Range;
        var summary = Sum(rows, range);
        return new StatsView(
            zone,
            ToContract(range, asked.Window),
            Figures(summary),
            summary.Distribution,
            range.Days > DaysMax ? null : Days(rows, asked),
            Periods(rows, range, range.Weeks(), DayRange.WeekOf),
            Periods(rows, range, range.Months(), MoodKey.MonthOf),
            [.. from day in Enumerable.Range(0, WeekdaysAWeek)
                let hours = rows.Hours.Where(hour => hour.Key / HoursADay == day)
                select new WeekdayView(day + 1, Figures(MoodCounts.Of(hours.Select(hour => hour.Value))))],
            [.. from of in Enumerable.Range(0, HoursADay)
                let hours = rows.Hours.Where(hour => hour.Key % HoursADay == of)
                select new HourView(of, Figures(MoodCounts.Of(hours.Select(hour => hour.Value))))],
            [.. from hour in rows.Hours
                orderby hour.Key
                select new WeekdayHourView(
                    (hour.Key / HoursADay) + 1, hour.Key % HoursADay, Figures(hour.Value))],
            Groups(rows.Categories),
            Groups(rows.Tags),
            Extremes(rows.Categories),
            ToContract(Streaks.Of(rows.Written, today)),
            asked.Compared is { } other ? Compare(summary, rows.Compared, other, asked.Window) : null);
    }

    private static RangeView ToContract(DayRange range, int window) =>
        new(range.From, range.Until, range.Days, window);

    private static StreaksView ToContract(Streaks streaks) =>
        new(streaks.Current, streaks.CurrentFrom, streaks.Longest, streaks.LongestFrom);

    private static MoodFigures Figures(MoodCounts counts) =>
        new(counts.Count, counts.Mean, counts.Median, counts.StandardDeviation);

    private static MoodCounts Sum(StatsRows rows, DayRange range) => MoodCounts.Of(
        from day in rows.Days where day.Key >= range.From && day.Key < range.Until select day.Value);

    private static List<DayView> Days(StatsRows rows, StatsRange asked)
    {
        var (none, window, days) = (new MoodCounts(), new MoodCounts(), new List<DayView>(asked.Range.Days));
        foreach (var day in asked.Averaged.EachDay())
        {
            var counts = rows.Days.GetValueOrDefault(day, none);
            window.Add(counts);
            if (day < asked.Range.From)
            {
                continue;
            }

            days.Add(new DayView(day, Figures(counts), window.Mean));
            window.Subtract(rows.Days.GetValueOrDefault(day.AddDays(1 - asked.Window), none));
        }

        return days;
    }

    private static List<PeriodView> Periods(
        StatsRows rows, DayRange range, IEnumerable<DateOnly> starts, Func<DateOnly, DateOnly> startOf)
    {
        var days = rows.Days.Where(day => day.Key >= range.From && day.Key < range.Until)
            .ToLookup(day => startOf(day.Key), day => day.Value);
        return [.. starts.Select(start => new PeriodView(start, Figures(MoodCounts.Of(days[start]))))];
    }

    private static GroupsView Groups(StatsGroups groups)
    {
        var items = groups.Items
            .OrderByDescending(group => group.Counts.Count).ThenBy(group => group.Name, StringComparer.Ordinal)
            .Take(GroupsMax).Select(group => new GroupView(group.Name, Figures(group.Counts))).ToList();
        return new GroupsView(items, groups.Total - items.Count);
    }

    private static ExtremesView Extremes(StatsGroups groups)
    {
        var rated = groups.Items.Where(group => group.Counts.Count >= ExtremeEntriesMin)
            .Select(group => new GroupView(group.Name, Figures(group.Counts)))
            .OrderByDescending(group => group.Figures.Count).ThenBy(group => group.Name, StringComparer.Ordinal)
            .ToList();
        return new ExtremesView(
            ExtremeEntriesMin,
            [.. rated.OrderByDescending(group => group.Figures.Mean).Take(ExtremesMax)],
            [.. rated.OrderBy(group => group.Figures.Mean).Take(ExtremesMax)]);
    }

    private static ComparisonView Compare(MoodCounts counts, MoodCounts other, DayRange range, int window) => new(
        ToContract(range, window),
        Figures(other),
        other.Distribution,
        new DifferenceView(
            counts.Count - other.Count,
            counts.Mean - other.Mean,
            counts.Median - other.Median,
            counts.StandardDeviation - other.StandardDeviation));
}
