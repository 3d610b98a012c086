using System.Globalization;

namespace Gatehouse.Foundation.Documents.Charts;

/// <summary>Named numbers below each other, from 0, each said behind its bar with how many things it is of.</summary>
/// <param name="High">Where the axis ends.</param>
/// <param name="AxisName">What the bars are of.</param>
/// <param name="Bars">By their keys, which stand before them.</param>
/// <param name="Note">Below; what is left out, say.</param>
public sealed record BarChart(double High, string AxisName, IReadOnlyList<ChartMark> Bars, string? Note)
{
    private const int Row = 28;
    private const int NameWidth = 220;
    private const int LetterWidth = 7;

    public string Draw(ChartHead head, ChartTheme theme)
    {
        var bottom = Svg.Top + (Bars.Count * Row);
        return Svg.Draw(head, theme, bottom + (Note is null ? 56 : 80), svg =>
        {
            var x = new Scale(0, High, NameWidth, Svg.Width - Svg.Right - 90);
            foreach (var tick in x.Ticks(5))
            {
                svg.Line(x.Place(tick), Svg.Top - 4, x.Place(tick), bottom, tick == 0 ? "axis" : "grid");
                svg.Text(
                    x.Place(tick), bottom + 18, "muted middle", tick.ToString("0.##", CultureInfo.InvariantCulture));
            }

            foreach (var (i, bar) in Bars.Index())
            {
                var (top, value) = (Svg.Top + (i * Row), bar.Value ?? 0);
                svg.Text(
                    NameWidth - 12, top + 18, "end", Shorten.To((NameWidth - 36) / LetterWidth, bar.Key),
                    new ChartMark("name", bar.Key, null, bar.Key));
                svg.Rect(x.Place(0), top + 5, x.Place(value) - x.Place(0), Row - 10, "bar", bar, 2);
                svg.Text(
                    x.Place(value) + 8, top + 18, "over start",
                    string.Create(CultureInfo.InvariantCulture, $"{value:0.00}  ({bar.Count:#,0})"));
            }

            svg.Text(x.Place(High / 2), bottom + 40, "muted middle", AxisName);
            if (Note is not null)
            {
                svg.Text(NameWidth, bottom + 64, "muted start", Note);
            }
        });
    }
}
