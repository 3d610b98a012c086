using System.Text.RegularExpressions;

namespace Gatehouse.Notifications.Services.Mail;

/// <summary>
/// One mail in one language, read from a text that a translator can edit; both parts of the mail are made from it, so
/// that they say the same. README.md of the module tells how it is written.
/// </summary>
internal sealed partial class MailTemplate
{
    private const string SubjectHeader = "subject:";
    private const string CalendarHeader = "calendar:";

    private MailTemplate(string name, MailLine subject, MailLine? calendar, IReadOnlyList<MailBlock> blocks)
    {
        Name = name;
        Subject = subject;
        Calendar = calendar;
        Blocks = blocks;
    }

    public string Name { get; }

    public MailLine Subject { get; }

    /// <summary>The description in the calendar entry.</summary>
    public MailLine? Calendar { get; }

    public IReadOnlyList<MailBlock> Blocks { get; }

    /// <summary>The names of all its placeholders.</summary>
    public IEnumerable<string> Placeholders =>
        Blocks.SelectMany(block => block.Lines).Append(Subject).Concat(Calendar is null ? [] : [Calendar])
            .SelectMany(line => line.Placeholders).Distinct(StringComparer.Ordinal);

    public static MailTemplate Parse(string name, string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        var head = lines.TakeWhile(line => line.Length > 0).ToList();
        var subject = Header(head, SubjectHeader)
            ?? throw new FormatException($"The template {name} does not begin with '{SubjectHeader}'.");
        var blocks = new List<MailBlock>();
        foreach (var line in lines.Skip(head.Count).Append(""))
        {
            Add(blocks, line.Trim());
        }

        return new MailTemplate(name, subject, Header(head, CalendarHeader), [.. blocks.Where(b => b.Lines.Count > 0)]);
    }

    private static MailLine? Header(List<string> head, string name) =>
        head.Find(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
            ? new MailLine(line[name.Length..].Trim())
            : null;

    // Lines of one kind that follow each other are one block; an empty line ends a paragraph.
    private static void Add(List<MailBlock> blocks, string line)
    {
        if (Link().Match(line) is { Success: true } link)
        {
            blocks.Add(new MailBlock(
                MailBlockKind.Link, [new(link.Groups["label"].Value), new(link.Groups["address"].Value)]));
            return;
        }

        var (kind, text) = Kind(line);
        if (line.Length == 0 || blocks.Count == 0 || blocks[^1].Kind != kind || kind is MailBlockKind.Title)
        {
            blocks.Add(new MailBlock(kind, []));
        }

        if (line.Length > 0)
        {
            blocks[^1].Lines.Add(new MailLine(text));
        }
    }

    private static (MailBlockKind Kind, string Text) Kind(string line) => line switch
    {
        ['#', '#', ' ', ..] => (MailBlockKind.Heading, line[3..]),
        ['#', ' ', ..] => (MailBlockKind.Title, line[2..]),
        ['=', ' ', ..] => (MailBlockKind.Facts, line[2..]),
        ['*', ' ', ..] => (MailBlockKind.Items, line[2..]),
        _ => (MailBlockKind.Paragraph, line),
    };

    /// <summary>A label and the placeholder of an address, alone on a line.</summary>
    [GeneratedRegex(@"^\[(?<label>[^\]]+)\]\((?<address>\{\w+\})\)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();
}

internal enum MailBlockKind
{
    Paragraph,
    Title,
    Heading,

    /// <summary>Rows of <c>label: value</c>.</summary>
    Facts,
    Items,

    /// <summary>Two lines: what it says, and the address.</summary>
    Link,
}

internal sealed record MailBlock(MailBlockKind Kind, List<MailLine> Lines);
