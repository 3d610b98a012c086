using System.Text;
using System.Text.RegularExpressions;

namespace Gatehouse.Notifications.Services.Mail;

/// <summary>
/// A line of a template. <c>{name}</c> stands for a value, and the line is left out without it; <c>{name?}</c> may be
/// empty; <c>{ name?}</c> brings a space of its own. Where the name is a list's, the line comes once for each of it.
/// What stands between backticks is a code.
/// </summary>
internal sealed partial class MailLine(string text)
{
    public IEnumerable<string> Placeholders => Placeholder().Matches(text).Select(match => match.Groups["name"].Value);

    /// <summary>The parts of each line it makes with the model; none where a value it needs is missing.</summary>
    public IEnumerable<IReadOnlyList<MailPart>> Fill(MailModel model)
    {
        if (Placeholders.FirstOrDefault(model.Lists.ContainsKey) is { } list)
        {
            foreach (var item in model.Lists[list])
            {
                yield return Parts(name => name == list ? item : model.Values.GetValueOrDefault(name));
            }
        }
        else if (Placeholder().Matches(text).All(match =>
            match.Groups["maybe"].Success || model.Values.ContainsKey(match.Groups["name"].Value)))
        {
            yield return Parts(name => model.Values.GetValueOrDefault(name));
        }
    }

    /// <summary>As one line of plain text; empty where a value it needs is missing.</summary>
    public string ToText(MailModel model) => Fill(model).FirstOrDefault() is { } parts ? Text(parts) : "";

    public static string Text(IEnumerable<MailPart> parts)
    {
        var plain = new StringBuilder();
        foreach (var part in parts)
        {
            plain.Append(part.IsValue ? MailText.Isolated(part.Text) : part.Text);
        }

        return plain.ToString();
    }

    private List<MailPart> Parts(Func<string, string?> value)
    {
        var parts = new List<MailPart>();
        foreach (var (index, piece) in text.Split('`').Index())
        {
            var isCode = index % 2 == 1;
            var from = 0;
            foreach (Match match in Placeholder().Matches(piece))
            {
                parts.Add(new MailPart(piece[from..match.Index], IsValue: false, isCode));
                if (value(match.Groups["name"].Value) is { Length: > 0 } filled)
                {
                    parts.Add(new MailPart(match.Groups["space"].Value, IsValue: false, isCode));
                    parts.Add(new MailPart(MailText.Clean(filled), IsValue: true, isCode));
                }

                from = match.Index + match.Length;
            }

            parts.Add(new MailPart(piece[from..], IsValue: false, isCode));
        }

        return [.. parts.Where(part => part.Text.Length > 0)];
    }

    [GeneratedRegex(@"\{(?<space> ?)(?<name>\w+)(?<maybe>\?)?\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Placeholder();
}

/// <param name="Text">Of one line.</param>
/// <param name="IsValue">It is not the template's own.</param>
/// <param name="IsCode">To be read letter by letter.</param>
internal readonly record struct MailPart(string Text, bool IsValue, bool IsCode);
