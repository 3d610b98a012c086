using System.Globalization;
using Gatehouse.Contracts.Journal;
using Gatehouse.Foundation.Documents.Charts;

namespace Gatehouse.Journal.Services;

/// <summary>
/// Each day as a field: as in a calendar where there are few, a block a year where there are more, and months where
/// there are too many days.
/// </summary>
internal static class CalendarChart
{
    private const int LargeDaysMax = 62;
    private const int Width = 756;
    private const double FieldMax = 25;
    private const int MonthColumns = 12;
    private const int WeeksOfYear = 54;
    private static readonly string[] Weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

    public static string Draw(StatsView stats, ChartTheme theme)
    {
        var unit = stats.Days is null ? "month" : "day";
        var head = stats.Head(
            "calendar",
            "Calendar of moods",
            $"Each field is the mean mood of a {unit}, from 1, the worst, to 10, the best. Hollow fields have none.");
        if (stats.Summary.Count == 0)
        {
            return Chart.Empty(head, theme, ChartTexts.Nothing);
        }

        var chart = stats.Days switch
        {
            null => Months(stats.Months),
            { Count: <= LargeDaysMax } days => Weeks(days),
            { } days => Years(days),
        };
        return chart.Draw(head, theme);
    }

    private static HeatChart Weeks(IReadOnlyList<DayView> days)
    {
        var first = Monday(days[0].Date);
        var cells = days.Select((day, i) => new HeatCell(
            (day.Date.DayNumber - first.DayNumber) / 7,
            Weekday(day.Date),
            Mark(day),
            Text(day.Date, i == 0 || day.Date.Day == 1 ? "d MMM" : "%d"))).ToList();
        var rows = cells[^1].Row + 1;
        return Heat(Width / 7.0, 48,
        [
            new HeatBlock(
                null,
                [.. Enumerable.Range(0, rows).Select(row => new HeatLabel(row, Text(first.AddDays(7 * row), "d MMM")))],
                [.. Weekdays.Select((name, i) => new HeatLabel(i, name))],
                cells),
        ]);
    }

    private static HeatChart Years(IReadOnlyList<DayView> days)
    {
        var weeks = 1 + ((days[^1].Date.DayNumber - Monday(days[0].Date).DayNumber) / 7);
        var blocks = weeks <= WeeksOfYear
            ? [Block(days, null)]
            : days.GroupBy(day => day.Date.Year).Select(year => Block([.. year], $"{year.Key}")).ToList();
        var columns = 1 + blocks.Max(block => block.Cells[^1].Column);
        var side = Math.Min(FieldMax, Width / (double)columns);
        return Heat(side, side, blocks);
    }

    private static HeatBlock Block(IReadOnlyList<DayView> days, string? year)
    {
        var first = Monday(days[0].Date);
        int Column(DateOnly day) => (day.DayNumber - first.DayNumber) / 7;
        var months = days.Where((day, i) => day.Date.Day == 1 || (i == 0 && day.Date.Day < 15))
            .Select(day => new HeatLabel(
                Column(day.Date), Text(day.Date, year is null && day.Date.Month == 1 ? "MMM yyyy" : "MMM")));
        return new HeatBlock(
            year,
            [.. Weekdays.Index().Where(day => day.Index % 2 == 0).Select(day => new HeatLabel(day.Index, day.Item))],
            [.. months],
            [.. days.Select(day => new HeatCell(Weekday(day.Date), Column(day.Date), Mark(day)))]);
    }

    private static HeatChart Months(IReadOnlyList<PeriodView> months)
    {
        var first = months[0].Start.Year;
        return Heat(Width / (double)MonthColumns, 22,
        [
            new HeatBlock(
                null,
                [.. months.Select(month => month.Start.Year).Distinct().Select(year =>
                    new HeatLabel(year - first, year.ToString(CultureInfo.InvariantCulture)))],
                [.. Enumerable.Range(0, MonthColumns).Select(i =>
                    new HeatLabel(i, CultureInfo.InvariantCulture.DateTimeFormat.AbbreviatedMonthNames[i]))],
                [.. months.Select(month => new HeatCell(
                    month.Start.Year - first,
                    month.Start.Month - 1,
                    ChartTexts.Mark(
                        "month", ChartTexts.Key(month.Start), Text(month.Start, "MMM yyyy"), month.Figures)))]),
        ]);
    }

    private static HeatChart Heat(double width, double height, IReadOnlyList<HeatBlock> blocks) =>
        new(ChartTexts.MoodLow, ChartTexts.MoodHigh, width, height, blocks);

    private static ChartMark Mark(DayView day) =>
        ChartTexts.Mark("day", ChartTexts.Key(day.Date), ChartTexts.Day(day.Date), day.Figures);

    private static int Weekday(DateOnly day) => ((int)day.DayOfWeek + 6) % 7;

    private static DateOnly Monday(DateOnly day) => day.AddDays(-Math.Min(Weekday(day), day.DayNumber));

    private static string Text(DateOnly day, string format) => day.ToString(format, CultureInfo.InvariantCulture);
}
