using System.Text.Json;
using Gatehouse.Contracts.Journal;
using Gatehouse.Journal.Domain;

namespace Gatehouse.Journal.Sql;

/// <summary>A row of counts, or an entry in its columns.</summary>
internal sealed class CheckedRow
{
    public const string Entry = "entry";

    public string Kind { get; init; } = "";

    public string Grain { get; init; } = "";

    public DateOnly? Period { get; init; }

    /// <summary>Of an entry its category.</summary>
    public string Key { get; init; } = "";

    public DateTimeOffset? At { get; init; }

    public int Mood { get; init; }

    public string Tags { get; init; } = "";

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

    public MoodKey ToKey() => new(Kind, Grain, Period!.Value, Key);

    public MoodCounts ToCounts() => new MoodCounts().Add([M1, M2, M3, M4, M5, M6, M7, M8, M9, M10]);

    public CountedEntry ToEntry() => new(
        Guid.Empty, Mood, Key, JsonSerializer.Deserialize(Tags, JournalJson.Default.Tags)!, At!.Value);
}
