using System.Globalization;

namespace Gatehouse.Journal.Domain;

/// <summary>Which row counts something.</summary>
/// <param name="Kind">What it is grouped by.</param>
/// <param name="Grain">How long the period is.</param>
/// <param name="Period">Its first day in the person's own time zone.</param>
/// <param name="Key">Which of the groups: the hour of the week, the category, the tag.</param>
internal readonly record struct MoodKey(string Kind, string Grain, DateOnly Period, string Key)
{
    public const string All = "all";
    public const string Hour = "hour";
    public const string Category = "category";
    public const string Tag = "tag";
    public const string Day = "day";
    public const string Month = "month";

    private const int HoursADay = 24;

    /// <summary>
    /// All rows that count such an entry. Of all entries together there are days alone: months are few of them.
    /// </summary>
    public static IEnumerable<MoodKey> Of(string category, IReadOnlyList<string> tags, DateTime local)
    {
        var day = DateOnly.FromDateTime(local);
        yield return new MoodKey(All, Day, day, "");
        foreach (var (grain, period) in new[] { (Day, day), (Month, MonthOf(day)) })
        {
            yield return new MoodKey(Hour, grain, period, HourOfWeek(local));
            yield return new MoodKey(Category, grain, period, category);
            foreach (var tag in tags)
            {
                yield return new MoodKey(Tag, grain, period, tag);
            }
        }
    }

    public static DateOnly MonthOf(DateOnly day) => new(day.Year, day.Month, 1);

    /// <summary>From 0, Monday's first, to 167; of days too, so that days and months add up.</summary>
    private static string HourOfWeek(DateTime local) =>
        ((WeekdayOf(local.DayOfWeek) * HoursADay) + local.Hour).ToString(CultureInfo.InvariantCulture);

    // Monday is 0.
    private static int WeekdayOf(DayOfWeek day) => ((int)day + 6) % 7;
}
