using Gatehouse.Contracts.Journal;

namespace Gatehouse.Journal.Tests.Statistics;

/// <summary>Recomputes every figure from all entries, as plainly as it can be said, and holds it against the answer.
/// </summary>
internal sealed class PlainFigures(IReadOnlyCollection<EntryView> entries, TimeZoneInfo zone, DateOnly today)
{
    private const double Tolerance = 1e-9;

    private sealed record Local(DateOnly Day, int Hour, EntryView Entry);

    private readonly List<Local> all = [.. entries.Select(entry =>
    {
        var local = entry.At.UtcDateTime + zone.GetUtcOffset(entry.At.UtcDateTime);
        return new Local(DateOnly.FromDateTime(local), local.Hour, entry);
    })];

    public void Check(StatsView view, StatsQuery asked)
    {
        var until = asked.Until ?? today.AddDays(1);
        var from = asked.From ?? until.AddDays(-30);
        Same(zone.Id, view.TimeZone, "zone");
        Same((from, until), (view.Range.From, view.Range.Until), "range");
        var range = In(from, until);
        Check(range, view.Summary, "summary");
        Same(string.Join(' ', Distribution(range)), string.Join(' ', view.Distribution), "distribution");
        CheckDays(view, from, until, asked.Window);
        CheckAll(
            view.Weeks, week => In(Later(week.Start, from), Sooner(week.Start.AddDays(7), until)), w => w.Figures);
        Same(range.Count, view.Weeks.Sum(week => week.Figures.Count), "weeks");
        CheckAll(
            view.Months,
            month => In(Later(month.Start, from), Sooner(month.Start.AddMonths(1), until)),
            m => m.Figures);
        Same(range.Count, view.Months.Sum(month => month.Figures.Count), "months");
        Same(7, view.Weekdays.Count, "weekdays");
        CheckAll(view.Weekdays, day => range.Where(one => Weekday(one) == day.Weekday), d => d.Figures);
        Same(24, view.Hours.Count, "hours");
        CheckAll(view.Hours, hour => range.Where(one => one.Hour == hour.Hour), h => h.Figures);
        CheckAll(
            view.WeekdayHours,
            cell => range.Where(one => Weekday(one) == cell.Weekday && one.Hour == cell.Hour),
            c => c.Figures);
        Same(range.Count, view.WeekdayHours.Sum(cell => cell.Figures.Count), "hours of the week");
        var categories = range.ToLookup(one => one.Entry.Category);
        CheckGroups(view.Categories, categories);
        CheckGroups(view.Tags, range.SelectMany(one => one.Entry.Tags.Select(tag => (tag, one)))
            .ToLookup(one => one.tag, one => one.one));
        CheckExtremes(view.Extremes, categories);
        CheckStreaks(view.Streaks);
        if (view.Comparison is { } comparison)
        {
            var other = In(asked.CompareFrom!.Value, asked.CompareUntil!.Value);
            Check(other, comparison.Summary, "compared");
            Same(string.Join(' ', Distribution(other)), string.Join(' ', comparison.Distribution), "compared");
            Same((long)range.Count - other.Count, comparison.Difference.Count, "difference");
            Near(view.Summary.Mean - comparison.Summary.Mean, comparison.Difference.Mean, "difference");
            Near(view.Summary.Median - comparison.Summary.Median, comparison.Difference.Median, "difference");
        }

        Same(asked.CompareFrom is null, view.Comparison is null, "comparison");
    }

    private void CheckDays(StatsView view, DateOnly from, DateOnly until, int window)
    {
        if (until.DayNumber - from.DayNumber > 3_660)
        {
            Same(true, view.Days is null, "days of a long range");
            return;
        }

        Same(until.DayNumber - from.DayNumber, view.Days!.Count, "days");
        foreach (var day in view.Days.Where(day => day.Figures.Count > 0 || day.MovingAverage is not null))
        {
            Check(In(day.Date, day.Date.AddDays(1)), day.Figures, $"{day.Date:O}");
            var averaged = In(day.Date.AddDays(1 - window), day.Date.AddDays(1));
            Near(averaged.Average(one => (double?)one.Entry.Mood), day.MovingAverage, $"average to {day.Date:O}");
        }

        Same(In(from, until).Count, view.Days.Sum(day => day.Figures.Count), "days");
        var withEntries = all.Select(one => one.Day).ToHashSet();
        Same(
            view.Days.Count(day => Enumerable.Range(0, window).Any(i => withEntries.Contains(day.Date.AddDays(-i)))),
            view.Days.Count(day => day.MovingAverage is not null),
            "averages");
    }

    private static void CheckGroups(GroupsView view, ILookup<string, Local> groups)
    {
        var names = groups.OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => group.Key);
        Same(string.Join('|', names), string.Join('|', view.Items.Select(item => item.Name)), "groups");
        CheckAll(view.Items, item => groups[item.Name], item => item.Figures);
        Same(0L, view.Others, "others");
    }

    private static void CheckExtremes(ExtremesView view, ILookup<string, Local> categories)
    {
        var rated = categories.Where(group => group.Count() >= view.EntriesMin)
            .Select(group => (group.Key, Count: group.Count(), Mean: group.Average(one => one.Entry.Mood))).ToList();
        var best = rated.OrderByDescending(c => c.Mean).ThenByDescending(c => c.Count)
            .ThenBy(c => c.Key, StringComparer.Ordinal).Take(3).Select(c => c.Key);
        var worst = rated.OrderBy(c => c.Mean).ThenByDescending(c => c.Count)
            .ThenBy(c => c.Key, StringComparer.Ordinal).Take(3).Select(c => c.Key);
        Same(string.Join('|', best), string.Join('|', view.Best.Select(c => c.Name)), "best");
        Same(string.Join('|', worst), string.Join('|', view.Worst.Select(c => c.Name)), "worst");
        CheckAll([.. view.Best, .. view.Worst], item => categories[item.Name], item => item.Figures);
    }

    private void CheckStreaks(StreaksView view)
    {
        var days = all.Select(one => one.Day).Where(day => day <= today).ToHashSet();
        int EndingAt(DateOnly day) => days.Contains(day) ? 1 + EndingAt(day.AddDays(-1)) : 0;
        var current = days.Contains(today) ? EndingAt(today) : EndingAt(today.AddDays(-1));
        var longest = days.Select(EndingAt).DefaultIfEmpty().Max();
        Same((current, longest), (view.Current, view.Longest), "streaks");
        if (longest > 0)
        {
            var last = days.Where(day => EndingAt(day) == longest).Max();
            Same(last.AddDays(1 - longest), view.LongestFrom, "longest streak");
        }
    }

    private static void CheckAll<T>(
        IEnumerable<T> views, Func<T, IEnumerable<Local>> wanted, Func<T, MoodFigures> figures)
    {
        foreach (var view in views)
        {
            Check([.. wanted(view)], figures(view), $"{view}");
        }
    }

    private static void Check(IReadOnlyCollection<Local> wanted, MoodFigures figures, string what)
    {
        Same((long)wanted.Count, figures.Count, what);
        var moods = wanted.Select(one => one.Entry.Mood).Order().ToList();
        var mean = moods.Average(mood => (double?)mood);
        Near(mean, figures.Mean, what);
        Near(
            moods.Count == 0 ? null : (moods[(moods.Count - 1) / 2] + moods[moods.Count / 2]) / 2.0,
            figures.Median,
            what);
        var variance = moods.Average(mood => (mood - mean) * (mood - mean));
        Near(variance is { } spread ? Math.Sqrt(spread) : null, figures.StandardDeviation, what);
    }

    private static IEnumerable<int> Distribution(IEnumerable<Local> of)
    {
        var moods = of.Select(one => one.Entry.Mood).ToList();
        return Enumerable.Range(1, 10).Select(mood => moods.Count(one => one == mood));
    }

    private List<Local> In(DateOnly from, DateOnly until) =>
        [.. all.Where(one => one.Day >= from && one.Day < until)];

    private static int Weekday(Local one) => one.Day.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)one.Day.DayOfWeek;

    private static DateOnly Later(DateOnly one, DateOnly other) => one > other ? one : other;

    private static DateOnly Sooner(DateOnly one, DateOnly other) => one < other ? one : other;

    private static void Near(double? wanted, double? actual, string what)
    {
        if (wanted is null != actual is null || Math.Abs((wanted ?? 0) - (actual ?? 0)) > Tolerance)
        {
            throw new InvalidOperationException($"{what}: {actual}, not {wanted}");
        }
    }

    private static void Same<T>(T wanted, T actual, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(wanted, actual))
        {
            throw new InvalidOperationException($"{what}: {actual}, not {wanted}");
        }
    }
}
