using System.Text.Json;
using Gatehouse.Contracts.Journal;
using Gatehouse.Journal.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Journal.Sql;

/// <summary>An entry as it is stored.</summary>
internal sealed class EntryRow
{
    public Guid UserId { get; init; }

    public Guid Id { get; init; }

    public string Text { get; init; } = "";

    public int Mood { get; init; }

    public string Category { get; init; } = "";

    public string Tags { get; init; } = "";

    public DateTimeOffset At { get; init; }

    public int Version { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>1 where a filter lets it through; where that is asked for.</summary>
    public int Passes { get; init; }

    private IReadOnlyList<string> TagList => JsonSerializer.Deserialize(Tags, JournalJson.Default.Tags)!;

    public Entry ToDomain() => new(
        new EntryId(Id),
        new UserId(UserId),
        new CheckedEntry(Text, Mood, Category, At, TagList),
        Version,
        CreatedAt,
        UpdatedAt,
        DeletedAt);

    public CountedEntry ToCounted() => new(Id, Mood, Category, TagList, At);

    public EntryView ToContract() => new(Id, Text, Mood, Category, TagList, At, Version, CreatedAt, UpdatedAt);
}
