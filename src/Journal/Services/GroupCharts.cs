using System.Globalization;
using Gatehouse.Contracts.Journal;
using Gatehouse.Foundation.Documents.Charts;

namespace Gatehouse.Journal.Services;

/// <summary>Moods by what they have in common.</summary>
internal static class GroupCharts
{
    private const int CategoriesMax = 20;
    private const int Hours = 24;
    private const int HourWidth = 756 / Hours;
    private static readonly string[] Weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

    public static string Distribution(StatsView stats, ChartTheme theme)
    {
        var head = stats.Head(
            "distribution", "How moods are distributed", "Each column is how many entries have that mood.");
        return stats.Summary.Count == 0
            ? Chart.Empty(head, theme, ChartTexts.Nothing)
            : new ColumnChart("mood", [.. stats.Distribution.Select(Column)]).Draw(head, theme);

        ChartMark Column(long count, int i)
        {
            var mood = (i + 1).ToString(CultureInfo.InvariantCulture);
            var share = (100.0 * count / stats.Summary.Count).ToString("0.#", CultureInfo.InvariantCulture);
            return new ChartMark("mood", mood, count, $"Mood {mood}: {ChartTexts.Entries(count)}, {share} %");
        }
    }

    public static string WeekdayHours(StatsView stats, ChartTheme theme)
    {
        var head = stats.Head(
            "weekday-hours",
            "Mood by weekday and hour",
            $"Each field is the mean mood of an hour of the week, in the time zone {stats.TimeZone}. " +
            "Hollow fields have no entries.");
        if (stats.Summary.Count == 0)
        {
            return Chart.Empty(head, theme, ChartTexts.Nothing);
        }

        var known = stats.WeekdayHours.ToDictionary(hour => (hour.Weekday, hour.Hour), hour => hour.Figures);
        var cells =
            from weekday in Enumerable.Range(1, Weekdays.Length)
            from hour in Enumerable.Range(0, Hours)
            select new HeatCell(weekday - 1, hour, ChartTexts.Mark(
                "hour",
                string.Create(CultureInfo.InvariantCulture, $"{weekday}-{hour}"),
                string.Create(CultureInfo.InvariantCulture, $"{Weekdays[weekday - 1]} {hour:00}:00\u2013{hour:00}:59"),
                known.GetValueOrDefault((weekday, hour), new MoodFigures(0, null, null, null))));
        var block = new HeatBlock(
            null,
            [.. Weekdays.Select((name, i) => new HeatLabel(i, name))],
            [.. Enumerable.Range(0, Hours).Select(hour =>
                new HeatLabel(hour, hour.ToString("00", CultureInfo.InvariantCulture)))],
            [.. cells]);
        return new HeatChart(ChartTexts.MoodLow, ChartTexts.MoodHigh, HourWidth, HourWidth, [block])
            .Draw(head, theme);
    }

    public static string Categories(StatsView stats, ChartTheme theme)
    {
        var head = stats.Head(
            "categories",
            "Mood by category",
            "Each bar is the mean mood of a category, the most used first, with how many entries are behind it.");
        var left = Math.Max(0, stats.Categories.Items.Count - CategoriesMax) + stats.Categories.Others;
        return stats.Summary.Count == 0
            ? Chart.Empty(head, theme, ChartTexts.Nothing)
            : new BarChart(
                ChartTexts.MoodHigh,
                "mean mood (entries)",
                [.. stats.Categories.Items.Take(CategoriesMax).Select(category =>
                    ChartTexts.Mark("category", category.Name, category.Name, category.Figures))],
                left == 0
                    ? null
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"and {left:#,0} more {(left == 1 ? "category" : "categories")}"))
                .Draw(head, theme);
    }
}
