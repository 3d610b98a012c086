using System.Globalization;

namespace Gatehouse.Foundation.Documents.Charts;

/// <summary>One stretch of time: a number of its own, and one that runs along.</summary>
/// <param name="Start">Its first day.</param>
/// <param name="Days">How many it has.</param>
/// <param name="Dot">Its number; none where it has none.</param>
/// <param name="Along">The other; the line breaks where there is none.</param>
public sealed record TimePoint(DateOnly Start, int Days, ChartMark? Dot, ChartMark? Along);

/// <summary>Numbers over time: each as a ring, and a line for how they go, which differ without colour.</summary>
/// <param name="From">The first day.</param>
/// <param name="Until">The day after the last.</param>
/// <param name="Low">Where the axis begins.</param>
/// <param name="High">Where it ends.</param>
/// <param name="DotName">What a ring is, for the legend.</param>
/// <param name="LineName">What the line is; null where there is none.</param>
public sealed record LineChart(
    DateOnly From, DateOnly Until, double Low, double High, string DotName, string? LineName,
    IReadOnlyList<TimePoint> Points)
{
    private const int Height = 380;
    private const int Bottom = Height - 36;
    private const int CrowdedFrom = 200;

    public string Draw(ChartHead head, ChartTheme theme) => Svg.Draw(head, theme, Height, svg =>
    {
        var x = new DayScale(From, Until, Svg.Left, Svg.Width - Svg.Right);
        var y = new Scale(Low, High, Bottom - 6, Svg.Top + 20);
        Legend(svg);
        foreach (var tick in y.Ticks(5))
        {
            svg.Line(Svg.Left, y.Place(tick), Svg.Width - Svg.Right, y.Place(tick), "grid");
            svg.Text(
                Svg.Left - 10, y.Place(tick) + 4, "muted end", tick.ToString("0.##", CultureInfo.InvariantCulture));
        }

        svg.Line(Svg.Left, Bottom, Svg.Width - Svg.Right, Bottom, "axis");
        foreach (var (place, label) in x.Ticks())
        {
            svg.Line(place, Bottom, place, Bottom + 5, "axis");
            if (place < Svg.Width - Svg.Right - 30)
            {
                svg.Text(place, Bottom + 20, "muted start", label);
            }
        }

        DrawPoints(svg, x, y);
    });

    private void DrawPoints(Svg svg, DayScale x, Scale y)
    {
        var radius = Points.Count > CrowdedFrom ? 1.8 : 3.5;
        foreach (var point in Points.Where(point => point.Dot is { Value: not null }))
        {
            svg.Circle(x.Place(point.Start, point.Days), y.Place(point.Dot!.Value!.Value), radius, "dot", point.Dot);
        }

        svg.Path(
            Points.Select(point => point.Along?.Value is { } along
                ? (x.Place(point.Start, point.Days), y.Place(along))
                : ((double, double)?)null),
            "line");

        // On top of the line, so that a pointer finds its numbers; seen by nobody else.
        foreach (var point in Points.Where(point => point.Along is { Value: not null }))
        {
            svg.Circle(
                x.Place(point.Start, point.Days), y.Place(point.Along!.Value!.Value), radius, "hit", point.Along);
        }
    }

    private void Legend(Svg svg)
    {
        svg.Circle(Svg.Left + 4, Svg.Top - 8, 3.5, "dot");
        svg.Text(Svg.Left + 14, Svg.Top - 4, "muted start", DotName);
        if (LineName is not null)
        {
            var at = Svg.Left + 40 + (DotName.Length * 7);
            svg.Path([(at, Svg.Top - 8), (at + 24, Svg.Top - 8)], "line");
            svg.Text(at + 32, Svg.Top - 4, "muted start", LineName);
        }
    }
}
