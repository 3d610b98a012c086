using System.Globalization;
using Gatehouse.Foundation.Documents;

namespace Gatehouse.Notifications.Services.Mail;

/// <summary>Times as people read them: in the zone of the place, with names of the language, the zone said.</summary>
internal static class MailTimes
{
    public static string Range(DateTimeOffset start, DateTimeOffset end, string zone, CultureInfo culture) =>
        ZoneTimes.Range(start, end, zone, culture);

    public static string Point(DateTimeOffset time, string zone, CultureInfo culture) =>
        ZoneTimes.Point(time, zone, culture);
}
