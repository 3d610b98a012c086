using System.Globalization;

namespace Gatehouse.Foundation.Documents;

/// <summary>Times as people read them: in the zone of the place, with names of the language, the zone said.</summary>
public static class ZoneTimes
{
    public static string Range(DateTimeOffset start, DateTimeOffset end, string zone, CultureInfo culture)
    {
        var at = Zone(zone);
        var (from, to) = (TimeZoneInfo.ConvertTime(start, at), TimeZoneInfo.ConvertTime(end, at));
        return from.Date == to.Date
            ? $"{Date(from, culture)}, {Hour(from)} - {Hour(to)} ({at.Id})"
            : $"{Date(from, culture)}, {Hour(from)} - {Date(to, culture)}, {Hour(to)} ({at.Id})";
    }

    public static string Point(DateTimeOffset time, string zone, CultureInfo culture)
    {
        var at = Zone(zone);
        var local = TimeZoneInfo.ConvertTime(time, at);
        return $"{Date(local, culture)}, {Hour(local)} ({at.Id})";
    }

    private static string Date(DateTimeOffset time, CultureInfo culture) => time.ToString("dddd, d MMMM yyyy", culture);

    private static string Hour(DateTimeOffset time) => time.ToString("HH':'mm", CultureInfo.InvariantCulture);

    // A zone that its box office knew and this machine does not: UTC is right, if not at home there.
    private static TimeZoneInfo Zone(string id) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(id, out var found) ? found : TimeZoneInfo.Utc;
}
