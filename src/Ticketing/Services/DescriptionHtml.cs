using System.Net;
using Markdig;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Renderers.Html.Inlines;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Gatehouse.Ticketing.Services;

/// <summary>
/// Renders what an organizer wrote in Markdown (CommonMark) as HTML that is safe to show by how it is made: HTML in the
/// text is text, no element but those of Markdown is written, none has an attribute but links have an address, and that
/// is of http, https or mailto. Images become their description.
/// </summary>
internal static class DescriptionHtml
{
    private const int DepthMax = 32;
    private const int BracketsMax = 1_000;

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().DisableHtml().Build();

    public static string? Of(string? markdown)
    {
        if (markdown is null)
        {
            return null;
        }

        if (IsHostile(markdown))
        {
            return AsTyped(markdown);
        }

        try
        {
            return Render(markdown);
        }
        catch (ArgumentException)
        {
            // The parser's answer to elements nested deeper than anybody writes them.
            return AsTyped(markdown);
        }
    }

    private static string AsTyped(string markdown) => $"<pre>{WebUtility.HtmlEncode(markdown)}</pre>\n";

    // What takes the parser the square of its length.
    private static bool IsHostile(string markdown) =>
        markdown.AsSpan().Count('[') > BracketsMax || markdown.Split('\n').Any(line => Depth(line) > DepthMax);

    // Of quotes and lists that begin in one line.
    private static int Depth(ReadOnlySpan<char> line)
    {
        var depth = 0;
        var wasMark = false;
        foreach (var c in line)
        {
            var isMark = c is '>' or '-' or '+' or '*' or '.' or ')';
            if (!isMark && !char.IsWhiteSpace(c) && !char.IsAsciiDigit(c))
            {
                break;
            }

            depth += c == '>' || (wasMark && char.IsWhiteSpace(c)) ? 1 : 0;
            wasMark = isMark;
        }

        return depth;
    }

    private static string Render(string markdown)
    {
        var document = Markdown.Parse(markdown, Pipeline);
        foreach (var element in document.Descendants())
        {
            element.RemoveData(typeof(HtmlAttributes));
        }

        using var text = new StringWriter { NewLine = "\n" };
        var renderer = new HtmlRenderer(text);
        Pipeline.Setup(renderer);
        renderer.ObjectRenderers.RemoveAll(one => one is HtmlBlockRenderer or HtmlInlineRenderer);
        renderer.ObjectRenderers.Replace<LinkInlineRenderer>(new Links());
        renderer.ObjectRenderers.Replace<AutolinkInlineRenderer>(new Autolinks());
        renderer.Render(document);
        return text.ToString();
    }

    private static bool IsAllowed(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "mailto" &&
        !url!.Any(char.IsControl);

    private static void Open(HtmlRenderer renderer, string url) => renderer
        .Write("<a href=\"").WriteEscapeUrl(url).Write("\" rel=\"nofollow noopener ugc\">");

    private sealed class Links : HtmlObjectRenderer<LinkInline>
    {
        protected override void Write(HtmlRenderer renderer, LinkInline obj)
        {
            var url = obj.GetDynamicUrl?.Invoke() ?? obj.Url;
            if (obj.IsImage || !IsAllowed(url))
            {
                renderer.WriteChildren(obj);
                return;
            }

            Open(renderer, url!);
            renderer.WriteChildren(obj);
            renderer.Write("</a>");
        }
    }

    private sealed class Autolinks : HtmlObjectRenderer<AutolinkInline>
    {
        protected override void Write(HtmlRenderer renderer, AutolinkInline obj)
        {
            var url = obj.IsEmail ? $"mailto:{obj.Url}" : obj.Url;
            if (!IsAllowed(url))
            {
                renderer.WriteEscape(obj.Url);
                return;
            }

            Open(renderer, url);
            renderer.WriteEscape(obj.Url).Write("</a>");
        }
    }
}
