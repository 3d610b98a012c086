using System.Globalization;
using System.Text;

namespace Gatehouse.Foundation.Documents.Charts;

/// <summary>Writes the elements of one chart: text of any kind, numbers that are the same in every culture.</summary>
internal sealed class Svg
{
    public const int Width = 840;

    /// <summary>Where the drawing begins, below what stands above it.</summary>
    public const int Top = 84;
    public const int Left = 56;
    public const int Right = Edge;
    private const int Edge = 24;
    private readonly StringBuilder text = new();

    public static string Draw(ChartHead head, ChartTheme theme, int height, Action<Svg> draw)
    {
        var svg = new Svg();
        svg.text.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" width="{Width}" height="{height}"
            """)
            .Append(CultureInfo.InvariantCulture, $"""
             role="img" aria-labelledby="{head.Id}-title {head.Id}-description" lang="en">
            """)
            .Append(CultureInfo.InvariantCulture, $"""
            <title id="{head.Id}-title">{Escape(head.Title)}</title>
            """)
            .Append(CultureInfo.InvariantCulture, $"""
            <desc id="{head.Id}-description">{Escape($"{head.Summary}. {head.Description}")}</desc>
            """)
            .Append("<style>").Append(ChartStyle.Of(theme)).Append("</style>");
        svg.Rect(0, 0, Width, height, "back");
        svg.Text(Edge, 32, "title start", head.Title);
        svg.Text(Edge, 54, "summary muted start", head.Summary, head.Figure);
        draw(svg);
        return svg.text.Append("</svg>").ToString();
    }

    /// <summary>In place of a drawing.</summary>
    public static string Nothing(ChartHead head, ChartTheme theme, string why) =>
        Draw(head, theme, 220, svg => svg.Text(Width / 2.0, 140, "summary muted middle", why));

    public void Rect(
        double x, double y, double width, double height, string look, ChartMark? mark = null, double round = 0)
    {
        text.Append(CultureInfo.InvariantCulture, $"""
            <rect x="{x:0.##}" y="{y:0.##}" width="{width:0.##}" height="{height:0.##}" class="{look}"
            """);
        if (round > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $" rx=\"{round:0.##}\"");
        }

        End("rect", mark);
    }

    public void Circle(double x, double y, double radius, string look, ChartMark? mark = null)
    {
        text.Append(CultureInfo.InvariantCulture, $"""
            <circle cx="{x:0.##}" cy="{y:0.##}" r="{radius:0.##}" class="{look}"
            """);
        End("circle", mark);
    }

    public void Line(double x1, double y1, double x2, double y2, string look) => text.Append(
        CultureInfo.InvariantCulture,
        $"""<line x1="{x1:0.##}" y1="{y1:0.##}" x2="{x2:0.##}" y2="{y2:0.##}" class="{look}"/>""");

    /// <param name="path">Through these; null lifts the pen.</param>
    /// <param name="look">Its classes.</param>
    public void Path(IEnumerable<(double X, double Y)?> path, string look)
    {
        text.Append("<path d=\"");
        (double X, double Y)? before = null;
        foreach (var point in path)
        {
            if (point is var (x, y))
            {
                // A point alone is drawn by the round cap of a line without length.
                if (before is null)
                {
                    text.Append(CultureInfo.InvariantCulture, $"M{x:0.##} {y:0.##}");
                }

                text.Append(CultureInfo.InvariantCulture, $"L{x:0.##} {y:0.##}");
            }

            before = point;
        }

        text.Append("\" class=\"").Append(look).Append("\"/>");
    }

    public void Text(double x, double y, string look, string content, ChartMark? mark = null)
    {
        text.Append(CultureInfo.InvariantCulture, $"""
            <text x="{x:0.##}" y="{y:0.##}" class="{look}"
            """);
        Tell(mark);
        text.Append('>').Append(Title(mark)).Append(Escape(content)).Append("</text>");
    }

    private void End(string tag, ChartMark? mark)
    {
        if (mark is null)
        {
            text.Append("/>");
            return;
        }

        Tell(mark);
        text.Append('>').Append(Title(mark)).Append("</").Append(tag).Append('>');
    }

    private void Tell(ChartMark? mark)
    {
        if (mark is null)
        {
            return;
        }

        text.Append(" data-series=\"").Append(Escape(mark.Series)).Append("\" data-key=\"")
            .Append(Escape(mark.Key)).Append('"');
        if (mark.Value is { } value)
        {
            text.Append(CultureInfo.InvariantCulture, $" data-value=\"{value:R}\"");
        }

        if (mark.Count is { } count)
        {
            text.Append(CultureInfo.InvariantCulture, $" data-count=\"{count}\"");
        }
    }

    private static string Title(ChartMark? mark) => mark is null ? "" : $"<title>{Escape(mark.Label)}</title>";

    // What XML cannot say at all becomes the sign for it.
    private static string Escape(string content)
    {
        var escaped = new StringBuilder(content.Length);
        foreach (var rune in content.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                (< 0x20 and not ('\t' or '\n')) or 0x7F or 0xFFFE or 0xFFFF => escaped.Append('\uFFFD'),
                _ => escaped.Append(rune),
            };
        }

        return escaped.ToString();
    }
}
