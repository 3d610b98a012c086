using System.Globalization;
using System.Text;

namespace Gatehouse.Notifications.Services.Mail;

/// <summary>An event for the calendar of someone who attends it.</summary>
/// <param name="Uid">The same in each mail, so that a later file changes what an earlier one made.</param>
/// <param name="Sequence">The event's version: the higher is the newer.</param>
/// <param name="StampedAt">When what it says became true.</param>
internal sealed record CalendarEntry(
    string Uid,
    int Sequence,
    DateTimeOffset StampedAt,
    DateTimeOffset StartAt,
    DateTimeOffset EndAt,
    string Summary,
    string? Location,
    bool IsCancelled)
{
    public string Method => IsCancelled ? "CANCEL" : "PUBLISH";
}

/// <summary>
/// Writes calendar files (RFC 5545) that are published, not answered (RFC 5546, 3.2.1). Times are in UTC, which every
/// calendar shows in its own zone, so that no VTIMEZONE can disagree with the reader's.
/// </summary>
internal static class CalendarFile
{
    private const int LineBytesMax = 75;

    /// <param name="organizer">Whom the entry comes from: the sender of the mail.</param>
    public static string Write(CalendarEntry entry, string description, (string Name, string Address) organizer)
    {
        var file = new StringBuilder();
        Line(file, "BEGIN:VCALENDAR");
        Line(file, "VERSION:2.0");
        Line(file, "PRODID:-//Gatehouse//Gatehouse//EN");
        Line(file, "CALSCALE:GREGORIAN");
        Line(file, $"METHOD:{entry.Method}");
        Line(file, "BEGIN:VEVENT");
        Line(file, $"UID:{entry.Uid}");
        Line(file, $"DTSTAMP:{Time(entry.StampedAt)}");
        Line(file, $"SEQUENCE:{entry.Sequence.ToString(CultureInfo.InvariantCulture)}");
        Line(file, $"DTSTART:{Time(entry.StartAt)}");
        Line(file, $"DTEND:{Time(entry.EndAt)}");
        Line(file, $"SUMMARY:{Text(entry.Summary)}");
        if (!string.IsNullOrEmpty(entry.Location))
        {
            Line(file, $"LOCATION:{Text(entry.Location)}");
        }

        if (description.Length > 0)
        {
            Line(file, $"DESCRIPTION:{Text(description)}");
        }

        // A quoted parameter cannot hold a quote, and has no escape for it.
        var name = MailText.Clean(organizer.Name).Replace('"', '\'');
        Line(file, $"ORGANIZER;CN=\"{name}\":mailto:{organizer.Address}");
        Line(file, $"STATUS:{(entry.IsCancelled ? "CANCELLED" : "CONFIRMED")}");
        Line(file, "TRANSP:OPAQUE");
        Line(file, "END:VEVENT");
        Line(file, "END:VCALENDAR");
        return file.ToString();
    }

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    private static string Text(string text) => MailText.Clean(text)
        .Replace("\\", @"\\", StringComparison.Ordinal)
        .Replace(";", @"\;", StringComparison.Ordinal)
        .Replace(",", @"\,", StringComparison.Ordinal);

    // Folded by bytes, and between characters: the rest of a line goes on after a space.
    private static void Line(StringBuilder file, string line)
    {
        var bytes = 0;
        foreach (var rune in line.EnumerateRunes())
        {
            if (bytes + rune.Utf8SequenceLength > LineBytesMax)
            {
                file.Append("\r\n ");
                bytes = 1;
            }

            file.Append(rune);
            bytes += rune.Utf8SequenceLength;
        }

        file.Append("\r\n");
    }
}
