using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Gatehouse.Notifications.Services.Mail;

/// <summary>
/// The HTML part: plain elements that screen readers and old mail programs understand, styles on the elements since
/// many programs drop style sheets, and colours for dark screens where they do not. It loads nothing from anywhere.
/// All text goes through <see cref="Escape"/>.
/// </summary>
internal static class MailHtml
{
    private const string Font = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;";
    private const string Code = "font-family:ui-monospace,Menlo,Consolas,monospace;letter-spacing:.04em;";

    private const string Dark =
        """
        :root{color-scheme:light dark;supported-color-schemes:light dark}
        @media (prefers-color-scheme:dark){
        .page{background:#18181b!important}.card{background:#27272a!important;border-color:#3f3f46!important}
        .ink,.ink *{color:#fafafa!important}.dim{color:#a1a1aa!important}
        .button{background:#60a5fa!important;color:#0b1220!important}}
        """;

    // Letters beyond ASCII become references: no server or program on the way can spoil them.
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.BasicLatin);

    public static string Render(LocalTemplate local, MailModel model)
    {
        var subject = Escape(MailRenderer.Subject(local, model));
        var direction = local.Culture.TextInfo.IsRightToLeft ? "rtl" : "ltr";
        var html = new StringBuilder(
            $"""
            <!DOCTYPE html>
            <html lang="{Escape(local.Language)}" dir="{direction}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width,initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="supported-color-schemes" content="light dark">
            <title>{subject}</title>
            <style>
            {Dark}
            </style>
            </head>
            <body class="page" style="margin:0;padding:0;background:#f4f4f5;">
            <div role="article" aria-label="{subject}" lang="{Escape(local.Language)}" dir="{direction}" class="page" 
            """.ReplaceLineEndings("\n"));
        html.Append("style=\"").Append(Font).Append("background:#f4f4f5;padding:24px 12px;\">\n");
        html.Append("<div class=\"card ink\" style=\"max-width:560px;margin:0 auto;background:#ffffff;" +
            "border:1px solid #e4e4e7;border-radius:8px;padding:24px;color:#18181b;font-size:16px;" +
            "line-height:1.5;\">\n");
        Append(html, local.Template.Blocks, model);
        html.Append("</div>\n<div class=\"dim\" style=\"max-width:560px;margin:16px auto 0;padding:0 24px;" +
            "color:#52525b;font-size:13px;line-height:1.5;\">\n");
        Append(html, local.Footer.Blocks, model);
        return html.Append("</div>\n</div>\n</body>\n</html>\n").ToString().ReplaceLineEndings("\r\n");
    }

    public static string Escape(string text) => Encoder.Encode(text);

    private static void Append(StringBuilder html, IReadOnlyList<MailBlock> blocks, MailModel model)
    {
        foreach (var block in blocks)
        {
            var lines = block.Lines.SelectMany(line => line.Fill(model)).ToList();
            if (lines.Count > 0)
            {
                Append(html, block.Kind, lines);
            }
        }
    }

    private static void Append(StringBuilder html, MailBlockKind kind, List<IReadOnlyList<MailPart>> lines)
    {
        switch (kind)
        {
            case MailBlockKind.Title:
                html.Append("<h1 style=\"margin:0 0 16px;font-size:22px;line-height:1.3;\">")
                    .Append(Inline(lines[0])).Append("</h1>\n");
                break;
            case MailBlockKind.Heading:
                html.Append("<h2 style=\"margin:24px 0 8px;font-size:17px;\">")
                    .Append(Inline(lines[0])).Append("</h2>\n");
                break;
            case MailBlockKind.Facts:
                AppendFacts(html, lines);
                break;
            case MailBlockKind.Items:
                html.Append("<ul style=\"margin:0 0 16px;padding:0 0 0 20px;\">\n");
                html.AppendJoin("", lines.Select(l => $"<li style=\"margin:0 0 4px;\">{Inline(l)}</li>\n"));
                html.Append("</ul>\n");
                break;
            case MailBlockKind.Link when lines.Count == 2:
                html.Append("<p style=\"margin:0 0 16px;\"><a class=\"button\" href=\"").Append(Plain(lines[1]))
                    .Append("\" style=\"display:inline-block;background:#1d4ed8;color:#ffffff;text-decoration:none;")
                    .Append("padding:10px 18px;border-radius:6px;font-weight:600;\">").Append(Inline(lines[0]))
                    .Append("</a></p>\n");
                break;
            case MailBlockKind.Paragraph:
                html.Append("<p style=\"margin:0 0 16px;\">").AppendJoin(' ', lines.Select(Inline)).Append("</p>\n");
                break;
            default:
                break;
        }
    }

    // A table of facts is one: its first column heads the rows.
    private static void AppendFacts(StringBuilder html, List<IReadOnlyList<MailPart>> lines)
    {
        html.Append("<table style=\"margin:0 0 16px;border-collapse:collapse;font-size:16px;\">\n");
        foreach (var line in lines)
        {
            var label = line[0].Text;
            var end = label.IndexOf(": ", StringComparison.Ordinal);
            var (head, rest) = end < 0 ? ("", label) : (label[..end], label[(end + 2)..]);
            html.Append("<tr><th scope=\"row\" style=\"text-align:start;vertical-align:top;font-weight:600;")
                .Append("padding:2px 16px 2px 0;white-space:nowrap;\">").Append(Escape(head))
                .Append("</th><td style=\"vertical-align:top;padding:2px 0;\">")
                .Append(Inline([line[0] with { Text = rest }, .. line.Skip(1)])).Append("</td></tr>\n");
        }

        html.Append("</table>\n");
    }

    private static string Inline(IReadOnlyList<MailPart> parts)
    {
        var html = new StringBuilder();
        foreach (var part in parts.Where(part => part.Text.Length > 0))
        {
            var text = Escape(part.Text);
            text = part.IsValue ? $"<bdi>{text}</bdi>" : text;
            html.Append(part.IsCode ? $"<code style=\"{Code}\">{text}</code>" : text);
        }

        return html.ToString();
    }

    private static string Plain(IReadOnlyList<MailPart> parts) => Escape(string.Concat(parts.Select(p => p.Text)));
}
