using System.Globalization;

namespace Gatehouse.Foundation.Documents.Charts;

/// <summary>A field of a heat map. One without a number is hollow.</summary>
/// <param name="Row">From 0.</param>
/// <param name="Column">From 0.</param>
/// <param name="Mark">Its number.</param>
/// <param name="Corner">Small, in its corner; where fields are large.</param>
public sealed record HeatCell(int Row, int Column, ChartMark Mark, string? Corner = null);

/// <summary>A word beside a row or above a column.</summary>
public sealed record HeatLabel(int Place, string Text);

/// <summary>Rows of fields with labels of their own, and a name.</summary>
/// <param name="Name">Above it; null for none.</param>
public sealed record HeatBlock(
    string? Name, IReadOnlyList<HeatLabel> Rows, IReadOnlyList<HeatLabel> Columns, IReadOnlyList<HeatCell> Cells);

/// <summary>
/// Numbers of a table as lightness, in five steps with a legend, and written into fields that are large enough.
/// </summary>
/// <param name="Low">The least that may be.</param>
/// <param name="High">The most.</param>
/// <param name="CellWidth">In pixels, with the gap.</param>
/// <param name="CellHeight">In pixels, with the gap.</param>
/// <param name="Blocks">Below each other.</param>
public sealed record HeatChart(
    double Low, double High, double CellWidth, double CellHeight, IReadOnlyList<HeatBlock> Blocks)
{
    private const int Gap = 2;
    private const int LabelHeight = 20;
    private const int NameHeight = 24;
    private const int BlockGap = 14;
    private const int LegendHeight = 56;
    private const double NumberWidthMin = 26;

    public string Draw(ChartHead head, ChartTheme theme)
    {
        var height = Blocks.Sum(HeightOf) + Svg.Top - 8 + LegendHeight;
        return Svg.Draw(head, theme, (int)Math.Ceiling(height), svg =>
        {
            double top = Svg.Top - 8;
            foreach (var block in Blocks)
            {
                Draw(svg, block, top);
                top += HeightOf(block);
            }

            Legend(svg, top + 10);
        });
    }

    private double HeightOf(HeatBlock block) =>
        (block.Name is null ? 0 : NameHeight) + (block.Columns.Count == 0 ? 0 : LabelHeight) +
        ((1 + block.Cells.Max(cell => cell.Row)) * CellHeight) + BlockGap;

    private void Draw(Svg svg, HeatBlock block, double top)
    {
        if (block.Name is not null)
        {
            svg.Text(Svg.Left, top + 16, "start", block.Name);
            top += NameHeight;
        }

        foreach (var label in block.Columns)
        {
            var isWide = CellWidth >= NumberWidthMin;
            svg.Text(
                Svg.Left + ((label.Place + (isWide ? 0.5 : 0)) * CellWidth) - (isWide ? Gap / 2.0 : 0), top + 13,
                $"muted {(isWide ? "middle" : "start")}", label.Text);
        }

        top += block.Columns.Count == 0 ? 0 : LabelHeight;
        foreach (var label in block.Rows)
        {
            svg.Text(Svg.Left - 8, top + ((label.Place + 0.5) * CellHeight) + 3, "muted end", label.Text);
        }

        foreach (var cell in block.Cells)
        {
            Draw(svg, cell, Svg.Left + (cell.Column * CellWidth), top + (cell.Row * CellHeight));
        }
    }

    private void Draw(Svg svg, HeatCell cell, double x, double y)
    {
        var (width, height) = (CellWidth - Gap, CellHeight - Gap);
        if (cell.Mark.Value is not { } value)
        {
            svg.Rect(x + 0.5, y + 0.5, width - 1, height - 1, "empty", cell.Mark, 2);
            Corner("muted");
            return;
        }

        var level = LevelOf(value);
        svg.Rect(x, y, width, height, $"l{level}", cell.Mark, 2);
        Corner($"on{level}");
        if (CellWidth >= NumberWidthMin)
        {
            var look = cell.Corner is null ? $"small middle on{level}" : $"middle on{level}";
            svg.Text(
                x + (width / 2), y + (height / 2) + (cell.Corner is null ? 3.5 : 7), look,
                value.ToString("0.0", CultureInfo.InvariantCulture));
        }

        void Corner(string look)
        {
            if (cell.Corner is not null)
            {
                svg.Text(x + 5, y + 13, $"small start {look}", cell.Corner);
            }
        }
    }

    private int LevelOf(double value) =>
        Math.Clamp((int)((value - Low) / (High - Low) * ChartStyle.Levels), 0, ChartStyle.Levels - 1);

    private void Legend(Svg svg, double y)
    {
        double x = Svg.Left;
        for (var level = 0; level < ChartStyle.Levels; level++)
        {
            var step = (High - Low) / ChartStyle.Levels;
            var (from, until) = (Low + (level * step), Low + ((level + 1) * step));
            svg.Rect(x, y, 22, 14, $"l{level}", round: 2);
            svg.Text(
                x + 28, y + 11.5, "muted start",
                string.Create(CultureInfo.InvariantCulture, $"{from:0.#}\u2013{until:0.#}"));
            x += 92;
        }

        svg.Rect(x + 0.5, y + 0.5, 21, 13, "empty", round: 2);
        svg.Text(x + 28, y + 11.5, "muted start", "none");
    }
}
