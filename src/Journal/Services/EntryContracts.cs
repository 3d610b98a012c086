using System.Text.Json;
using Gatehouse.Contracts.Journal;
using Gatehouse.Journal.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Journal.Services;

/// <summary>The border between entries of the domain and of Contracts, both ways.</summary>
internal static class EntryContracts
{
    public static EntryDetails ToDetails(this CreateEntry request) =>
        new(request.Text, request.Mood, request.Category, request.At, request.Tags);

    /// <summary>The patch laid over what there is.</summary>
    public static EntryDetails ToDetails(this UpdateEntry patch, CheckedEntry current) => new(
        patch.Text.Or(current.Text),
        patch.Mood.Or(current.Mood),
        patch.Category.Or(current.Category),
        patch.At.Or(current.At) ?? current.At,
        patch.Tags.Or(current.Tags));

    public static EntryView ToContract(this Entry entry) => new(
        entry.Id.Value,
        entry.Details.Text,
        entry.Details.Mood,
        entry.Details.Category,
        entry.Details.Tags,
        entry.Details.At,
        entry.Version,
        entry.CreatedAt,
        entry.UpdatedAt);

    public static EntryChangedEvent ToFact(this Entry entry, string change, DateTimeOffset now) => new(
        Ids.New(now),
        now,
        entry.Id.Value,
        entry.Owner.Value,
        change,
        entry.Details.Mood,
        entry.Details.Category,
        entry.Details.Tags,
        entry.Details.At,
        entry.Version);

    /// <summary>The same for two requests that ask for the same.</summary>
    public static string Fingerprint(this CreateEntry request) =>
        JsonSerializer.Serialize(request, JournalJson.Default.CreateEntry);

    public static string Fingerprint(this CreateEntries request) =>
        JsonSerializer.Serialize(request, JournalJson.Default.CreateEntries);
}
