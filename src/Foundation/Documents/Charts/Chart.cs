namespace Gatehouse.Foundation.Documents.Charts;

/// <summary>
/// Pictures of numbers as SVG: no scripts, nothing loaded, the same bytes for the same numbers, and each number in them
/// to be read back (<c>data-series</c>, <c>data-key</c>, <c>data-value</c>, <c>data-count</c>).
/// </summary>
public static class Chart
{
    public const string ContentType = "image/svg+xml";

    /// <summary>In place of one that has nothing to show.</summary>
    public static string Empty(ChartHead head, ChartTheme theme, string why) => Svg.Nothing(head, theme, why);
}
