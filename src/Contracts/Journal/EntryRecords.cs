using System.Text.Json.Serialization;
using Gatehouse.Contracts.Json;
using Gatehouse.Kernel;

namespace Gatehouse.Contracts.Journal;

/// <summary>A new line of a journal.</summary>
/// <param name="Text">1 to 10,000 characters.</param>
/// <param name="Mood">A whole number from 1 (worst) to 10 (best).</param>
/// <param name="Category">1 to 50 characters.</param>
/// <param name="At">When it was, from 1900 to a day from now; now unless given.</param>
/// <param name="Tags">Up to 20 of 1 to 50 characters; kept in lower case, each once.</param>
public sealed record CreateEntry(
    string? Text = null,
    int? Mood = null,
    string? Category = null,
    DateTimeOffset? At = null,
    IReadOnlyList<string?>? Tags = null);

/// <summary>A merge-patch (RFC 7396) of an entry: absent leaves. Bounds as in <see cref="CreateEntry"/>.</summary>
public sealed record UpdateEntry
{
    [JsonConverter(typeof(OptionalConverter<string?>))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> Text { get; init; }

    [JsonConverter(typeof(OptionalConverter<int?>))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<int?> Mood { get; init; }

    [JsonConverter(typeof(OptionalConverter<string?>))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<string?> Category { get; init; }

    [JsonConverter(typeof(OptionalConverter<DateTimeOffset?>))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<DateTimeOffset?> At { get; init; }

    /// <summary>All of them; null for none.</summary>
    [JsonConverter(typeof(OptionalConverter<IReadOnlyList<string?>>))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<IReadOnlyList<string?>?> Tags { get; init; }
}

/// <summary>An entry as its owner sees it, and nobody else.</summary>
/// <param name="Version">Goes into <c>If-Match</c> as the <c>ETag</c>.</param>
public sealed record EntryView(
    Guid Id,
    string Text,
    int Mood,
    string Category,
    IReadOnlyList<string> Tags,
    DateTimeOffset At,
    int Version,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);

/// <summary>An entry, and whether it is the answer of an earlier call with the same key.</summary>
public sealed record CreatedEntry(EntryView Entry, bool Replayed);

/// <summary>Many at once.</summary>
/// <param name="Entries">1 to 1,000.</param>
public sealed record CreateEntries(IReadOnlyList<CreateEntry?>? Entries = null);

/// <summary>What became of each, in the order they were sent.</summary>
public sealed record CreatedEntries(EntryResults Results, bool Replayed);

/// <summary>What became of each, in the order they were sent.</summary>
/// <param name="Created">How many were written.</param>
public sealed record EntryResults(IReadOnlyList<EntryResult> Items, int Created);

/// <summary>What became of one of many.</summary>
/// <param name="Status">201, or 422.</param>
/// <param name="Id">Of the entry that was written.</param>
/// <param name="Errors">Field to messages, where it was not.</param>
public sealed record EntryResult(int Status, Guid? Id, IReadOnlyDictionary<string, string[]>? Errors);

/// <summary>Which entries.</summary>
/// <param name="Category">Exactly this one.</param>
/// <param name="MoodMin">From 1.</param>
/// <param name="MoodMax">To 10.</param>
/// <param name="From">At or after.</param>
/// <param name="Until">Before.</param>
/// <param name="Tag">That have it; in lower case.</param>
/// <param name="Search">
/// Words that are all in the text, the last may be begun; up to 200 characters, of which 10 words count.
/// </param>
public sealed record EntryFilter(
    string? Category = null,
    int MoodMin = EntryFilter.Worst,
    int MoodMax = EntryFilter.Best,
    DateTimeOffset? From = null,
    DateTimeOffset? Until = null,
    string? Tag = null,
    string? Search = null)
{
    public const int Worst = 1;
    public const int Best = 10;

    /// <summary>Lets everything through.</summary>
    [JsonIgnore]
    public bool IsEmpty => this == new EntryFilter();
}
