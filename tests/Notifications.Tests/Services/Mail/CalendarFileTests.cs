using System.Text;
using Gatehouse.Foundation.Documents;

namespace Gatehouse.Notifications.Tests.Services.Mail;

/// <summary>Calendar files as RFC 5545 has them, section by section.</summary>
public sealed class CalendarFileTests
{
    private static readonly CalendarEntry Entry = new(
        "event.user@example.org",
        3,
        Facts.Noon,
        new DateTimeOffset(2030, 12, 5, 19, 30, 0, TimeSpan.FromHours(1)),
        new DateTimeOffset(2030, 12, 5, 22, 0, 0, TimeSpan.FromHours(1)),
        "Chamber music; Brahms, \\ and \"friends\"\nBEGIN:VALARM",
        null,
        IsCancelled: false);

    [Fact]
    public void It_has_each_property_once_with_times_in_utc() => Assert.Equal(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Gatehouse//Gatehouse//EN",
            "CALSCALE:GREGORIAN",
            "METHOD:PUBLISH",
            "BEGIN:VEVENT",
            "UID:event.user@example.org",
            "DTSTAMP:20300501T120000Z",
            "SEQUENCE:3",
            "DTSTART:20301205T183000Z",
            "DTEND:20301205T210000Z",
            @"SUMMARY:Chamber music\; Brahms\, \\ and ""friends"" BEGIN:VALARM",
            "DESCRIPTION:Booking code X",
            "ORGANIZER;CN=\"The 'Hall'\":mailto:box@example.org",
            "STATUS:CONFIRMED",
            "TRANSP:OPAQUE",
            "END:VEVENT",
            "END:VCALENDAR",
        ],
        Unfolded(CalendarFile.Write(Entry, "Booking code X", ("The \"Hall\"", "box@example.org"))));

    [Fact]
    public void A_cancellation_takes_the_same_entry_out()
    {
        var lines = Unfolded(CalendarFile.Write(Entry with { IsCancelled = true }, "", ("Hall", "box@example.org")));

        Assert.Contains("METHOD:CANCEL", lines);
        Assert.Contains("STATUS:CANCELLED", lines);
        Assert.Contains("UID:event.user@example.org", lines);
        Assert.DoesNotContain(lines, line => line.StartsWith("DESCRIPTION", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("ä")]
    [InlineData("日")]
    [InlineData("🎻")]
    public void Lines_are_folded_at_75_bytes_and_between_characters(string character)
    {
        var summary = string.Concat(Enumerable.Repeat(character, 200));
        var file = CalendarFile.Write(Entry with { Summary = summary, Location = summary }, "", ("Hall", "a@b.org"));

        Assert.Equal(file.Count(c => c == '\n'), file.Split("\r\n").Length - 1);
        Assert.All(file.Split("\r\n"), line => Assert.InRange(Encoding.UTF8.GetByteCount(line), 0, 75));
        Assert.Equal(file, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(file)));
        Assert.Contains($"SUMMARY:{summary}", Unfolded(file));
        Assert.Contains($"LOCATION:{summary}", Unfolded(file));
    }

    private static string[] Unfolded(string file) =>
        file.Replace("\r\n ", "", StringComparison.Ordinal).Split("\r\n")[..^1];
}
