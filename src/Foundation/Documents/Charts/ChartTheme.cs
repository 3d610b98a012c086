namespace Gatehouse.Foundation.Documents.Charts;

/// <summary>Which of its two sets of colours a chart shows.</summary>
public enum ChartTheme
{
    /// <summary>What its reader prefers (<c>prefers-color-scheme</c>).</summary>
    Auto,
    Light,
    Dark,
}
