using System.Text;

namespace Gatehouse.Notifications.Services.Mail;

/// <summary>Fills templates: the subject, a text part that is complete by itself, and an HTML part.</summary>
internal static class MailRenderer
{
    private const int SubjectCharactersMax = 200;
    private const int Columns = 76;
    private const string NewLine = "\r\n";

    public static RenderedMail Render(LocalTemplate local, MailModel model) =>
        new(Subject(local, model), Text(local, model), MailHtml.Render(local, model));

    public static string Subject(LocalTemplate local, MailModel model) =>
        MailText.Cut(local.Template.Subject.ToText(model), SubjectCharactersMax);

    private static string Text(LocalTemplate local, MailModel model)
    {
        var text = new StringBuilder();
        foreach (var block in local.Template.Blocks)
        {
            Append(text, block, model);
        }

        // What mail programs take for the beginning of a signature.
        text.Append("-- ").Append(NewLine);
        foreach (var block in local.Footer.Blocks)
        {
            Append(text, block, model);
        }

        return text.ToString().TrimEnd() + NewLine;
    }

    private static void Append(StringBuilder text, MailBlock block, MailModel model)
    {
        var lines = block.Lines.SelectMany(line => line.Fill(model)).Select(parts => MailLine.Text(parts)).ToList();
        if (lines.Count == 0)
        {
            return;
        }

        switch (block.Kind)
        {
            case MailBlockKind.Title or MailBlockKind.Heading:
                var rule = block.Kind == MailBlockKind.Title ? '=' : '-';
                lines.Add(new string(rule, Math.Min(lines[0].Length, Columns)));
                break;
            case MailBlockKind.Items:
                lines = [.. lines.Select(line => $"* {line}")];
                break;
            case MailBlockKind.Link when lines.Count == 2:
                lines[0] += ":";
                break;
            case MailBlockKind.Link:
                return;
            case MailBlockKind.Paragraph:
                lines = Wrapped(string.Join(' ', lines));
                break;
            default:
                break;
        }

        text.AppendJoin(NewLine, lines).Append(NewLine).Append(NewLine);
    }

    private static List<string> Wrapped(string paragraph)
    {
        var lines = new List<string>();
        var line = new StringBuilder();
        foreach (var word in paragraph.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > Columns)
            {
                lines.Add(line.ToString());
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        return [.. lines, line.ToString()];
    }
}

/// <summary>A mail as it is read.</summary>
/// <param name="Subject">One line.</param>
/// <param name="Text">Lines end with CR LF.</param>
/// <param name="Html">A whole document.</param>
internal sealed record RenderedMail(string Subject, string Text, string Html);
