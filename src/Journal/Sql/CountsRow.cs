using Gatehouse.Journal.Domain;

namespace Gatehouse.Journal.Sql;

/// <summary>A row of counts, or what some add up to.</summary>
internal sealed class CountsRow
{
    public string Part { get; init; } = "";

    public DateOnly? Period { get; init; }

    public string Key { get; init; } = "";

    /// <summary>How many keys there are of its kind.</summary>
    public long Groups { get; init; }

    public long M1 { get; init; }

    public long M2 { get; init; }

    public long M3 { get; init; }

    public long M4 { get; init; }

    public long M5 { get; init; }

    public long M6 { get; init; }

    public long M7 { get; init; }

    public long M8 { get; init; }

    public long M9 { get; init; }

    public long M10 { get; init; }

    public MoodCounts ToDomain() => new MoodCounts().Add([M1, M2, M3, M4, M5, M6, M7, M8, M9, M10]);
}
