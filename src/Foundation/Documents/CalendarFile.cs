using System.Globalization;
using System.Text;

namespace Gatehouse.Foundation.Documents;

/// <summary>An event for the calendar of someone who attends it.</summary>
/// <param name="Uid">The same in each file, so that a later one changes what an earlier one made.</param>
/// <param name="Sequence">The version: the higher is the newer.</param>
/// <param name="StampedAt">When what it says became true.</param>
public sealed record CalendarEntry(
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

    /// <summary>For whomever a file is made and wherever it is got, one event is one entry.</summary>
    public static string UidOf(Guid id) => $"{id}@gatehouse";
}

/// <summary>
/// Writes calendar files (RFC 5545): those that are sent are published, not answered (RFC 5546, 3.2.1). Times are in
/// UTC, which every calendar shows in its own zone, so that no VTIMEZONE can disagree with the reader's.
/// </summary>
public static class CalendarFile
{
    private const int LineBytesMax = 75;

    /// <param name="entry">The event.</param>
    /// <param name="description">Any number of lines.</param>
    /// <param name="sender">Whom a mail comes from that the file goes with; null for one to be fetched.</param>
    public static string Write(CalendarEntry entry, string description, (string Name, string Address)? sender = null)
    {
        var file = new StringBuilder();
        Line(file, "BEGIN:VCALENDAR");
        Line(file, "VERSION:2.0");
        Line(file, "PRODID:-//Gatehouse//Gatehouse//EN");
        Line(file, "CALSCALE:GREGORIAN");
        if (sender is not null)
        {
            Line(file, $"METHOD:{entry.Method}");
        }

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
            var lines = description.ReplaceLineEndings("\n").Split('\n').Select(Text);
            Line(file, $"DESCRIPTION:{string.Join(@"\n", lines)}");
        }

        if (sender is var (name, address))
        {
            // A quoted parameter cannot hold a quote, and has no escape for it.
            Line(file, $"ORGANIZER;CN=\"{OneLine(name).Replace('"', '\'')}\":mailto:{address}");
        }

        Line(file, $"STATUS:{(entry.IsCancelled ? "CANCELLED" : "CONFIRMED")}");
        Line(file, "TRANSP:OPAQUE");
        Line(file, "END:VEVENT");
        Line(file, "END:VCALENDAR");
        return file.ToString();
    }

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    // Nothing in a text can begin a line of its own.
    private static string OneLine(string text) =>
        string.Concat(text.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c));

    private static string Text(string text) => OneLine(text)
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
