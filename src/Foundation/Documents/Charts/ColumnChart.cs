using System.Globalization;

namespace Gatehouse.Foundation.Documents.Charts;

/// <summary>Numbers side by side, from 0, each said above its column.</summary>
/// <param name="AxisName">What the columns are of.</param>
/// <param name="Columns">By their keys, which stand below them.</param>
public sealed record ColumnChart(string AxisName, IReadOnlyList<ChartMark> Columns)
{
    private const int Height = 360;
    private const int Bottom = Height - 56;

    public string Draw(ChartHead head, ChartTheme theme) => Svg.Draw(head, theme, Height, svg =>
    {
        var y = Scale.FromZero(Columns.Max(column => column.Value ?? 0), 4, Bottom, Svg.Top + 16);
        foreach (var tick in y.Ticks(4).Skip(1))
        {
            svg.Line(Svg.Left, y.Place(tick), Svg.Width - Svg.Right, y.Place(tick), "grid");
            svg.Text(
                Svg.Left - 10, y.Place(tick) + 4, "muted end",
                tick.ToString("#,0.##", CultureInfo.InvariantCulture));
        }

        var step = (Svg.Width - Svg.Right - Svg.Left) / (double)Columns.Count;
        foreach (var (i, column) in Columns.Index())
        {
            var (middle, value) = (Svg.Left + ((i + 0.5) * step), column.Value ?? 0);
            svg.Rect(
                middle - (step * 0.36), y.Place(value), step * 0.72, Bottom - y.Place(value), "bar", column, 2);
            svg.Text(
                middle, y.Place(value) - 6, "over middle", value.ToString("#,0.##", CultureInfo.InvariantCulture));
            svg.Text(middle, Bottom + 20, "middle", column.Key);
        }

        svg.Line(Svg.Left, Bottom, Svg.Width - Svg.Right, Bottom, "axis");
        svg.Text((Svg.Left + Svg.Width - Svg.Right) / 2.0, Bottom + 42, "muted middle", AxisName);
    });
}
