namespace Gatehouse.Foundation.Documents.Charts;

/// <summary>What stands above a chart, and is read out in its place.</summary>
/// <param name="Id">Of its elements, where several charts are on one page: small letters and hyphens.</param>
/// <param name="Title">In a few words.</param>
/// <param name="Summary">The figures that matter most, in a line.</param>
/// <param name="Description">How to read it, for those who hear it.</param>
public sealed record ChartHead(string Id, string Title, string Summary, string Description)
{
    /// <summary>The one number of the summary.</summary>
    public ChartMark? Figure { get; init; }
}

/// <summary>One number that a chart shows, so that it can be read back.</summary>
/// <param name="Series">What kind of number it is.</param>
/// <param name="Key">What it is of.</param>
/// <param name="Value">Null where there is none.</param>
/// <param name="Label">All about it, in words.</param>
public sealed record ChartMark(string Series, string Key, double? Value, string Label)
{
    /// <summary>How many things are behind it.</summary>
    public long? Count { get; init; }
}
