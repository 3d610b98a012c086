using Gatehouse.Contracts.Journal;
using Gatehouse.Foundation.Documents.Charts;

namespace Gatehouse.Journal.Services;

/// <summary>Mood over time: days, in long ranges weeks or months, and the moving average at the end of each.</summary>
internal static class MoodChart
{
    private const int DaysMax = 186;
    private const int WeeksMax = 186;

    public static string Draw(StatsView stats, ChartTheme theme)
    {
        var (name, periods) = Periods(stats);
        var line = stats.Days is null ? null : $"{stats.Range.Window}-day moving average";
        var head = stats.Head(
            "mood",
            "Mood over time",
            $"Rings are the mean mood of a {name}, from 1, the worst, to 10, the best. " +
            (line is null ? "" : $"The line is the {line}."));
        if (stats.Summary.Count == 0)
        {
            return Chart.Empty(head, theme, ChartTexts.Nothing);
        }

        return new LineChart(
            stats.Range.From,
            stats.Range.Until,
            ChartTexts.MoodLow,
            ChartTexts.MoodHigh,
            $"mean of a {name}",
            line,
            [.. periods.Select(period => Point(stats, name, period))]).Draw(head, theme);
    }

    private static (string Name, IReadOnlyList<PeriodView> Periods) Periods(StatsView stats) => stats switch
    {
        { Days: { } days, Range.Days: <= DaysMax } =>
            ("day", [.. days.Select(day => new PeriodView(day.Date, day.Figures))]),
        { Range.Days: <= WeeksMax * 7 } => ("week", stats.Weeks),
        _ => ("month", stats.Months),
    };

    private static TimePoint Point(StatsView stats, string name, PeriodView period)
    {
        var end = name switch
        {
            "day" => period.Start.AddDays(1),
            "week" => period.Start.AddDays(7),
            _ => period.Start.AddMonths(1),
        };
        var (first, until) = (
            period.Start < stats.Range.From ? stats.Range.From : period.Start,
            end > stats.Range.Until ? stats.Range.Until : end);
        var about = name switch
        {
            "day" => ChartTexts.Day(first),
            "week" => $"Week of {ChartTexts.Day(period.Start)}",
            _ => ChartTexts.Month(period.Start),
        };
        var last = until.AddDays(-1);
        var along = stats.Days?[last.DayNumber - stats.Range.From.DayNumber].MovingAverage is { } average
            ? new ChartMark(
                "average",
                ChartTexts.Key(last),
                average,
                $"{ChartTexts.Day(last)}: {stats.Range.Window}-day moving average {ChartTexts.Number(average)}")
            : null;
        return new TimePoint(
            first,
            until.DayNumber - first.DayNumber,
            ChartTexts.Mark(name, ChartTexts.Key(period.Start), about, period.Figures),
            along);
    }
}
