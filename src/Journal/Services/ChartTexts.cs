using System.Globalization;
using Gatehouse.Contracts.Journal;
using Gatehouse.Foundation.Documents.Charts;

namespace Gatehouse.Journal.Services;

/// <summary>Words that the charts of a journal have in common.</summary>
internal static class ChartTexts
{
    public const double MoodLow = 1;
    public const double MoodHigh = 10;

    public static ChartHead Head(this StatsView stats, string id, string title, string description) => new(
        id,
        title,
        stats.Summary is { Count: > 0, Mean: { } mean, Median: { } median }
            ? $"{Range(stats.Range)} \u00B7 {Entries(stats.Summary.Count)} \u00B7 mean {Number(mean)} " +
                $"\u00B7 median {Number(median)}"
            : Range(stats.Range),
        description)
    {
        Figure = new ChartMark("summary", "mean", stats.Summary.Mean, $"Mean mood {Number(stats.Summary.Mean ?? 0)}")
        {
            Count = stats.Summary.Count,
        },
    };

    public const string Nothing = "There are no entries in this time.";

    public static ChartMark Mark(string series, string key, string name, MoodFigures figures) => new(
        series,
        key,
        figures.Mean,
        figures.Mean is { } mean
            ? $"{name}: mood {Number(mean)} on average, {Entries(figures.Count)}"
            : $"{name}: no entries")
    {
        Count = figures.Count,
    };

    public static string Key(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Day(DateOnly day) => day.ToString("ddd d MMM yyyy", CultureInfo.InvariantCulture);

    public static string Month(DateOnly day) => day.ToString("MMM yyyy", CultureInfo.InvariantCulture);

    public static string Number(double value) => value.ToString("0.0#", CultureInfo.InvariantCulture);

    public static string Entries(long count) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:#,0} {(count == 1 ? "entry" : "entries")}");

    private static string Range(RangeView range)
    {
        var last = range.Until.AddDays(-1);
        var first = range.From.ToString(range.From.Year == last.Year ? "d MMM" : "d MMM yyyy", Culture);
        return range.Days == 1 ? last.ToString("d MMM yyyy", Culture)
            : $"{first} \u2013 {last.ToString("d MMM yyyy", Culture)}";
    }

    private static CultureInfo Culture => CultureInfo.InvariantCulture;
}
