using System.Text.Json;

namespace Gatehouse.Contracts.Journal;

/// <summary>
/// An entry was written, changed or deleted; it is told as it is after that. Never its text, which is between its owner
/// and the journal.
/// </summary>
/// <param name="UserId">Whose it is.</param>
/// <param name="Change"><c>created</c> (or brought back), <c>updated</c> or <c>deleted</c>.</param>
/// <param name="Mood">1 to 10.</param>
/// <param name="Version">One more at every change: the higher is the newer.</param>
public sealed record EntryChangedEvent(
    Guid Id,
    DateTimeOffset OccurredAt,
    Guid EntryId,
    Guid UserId,
    string Change,
    int Mood,
    string Category,
    IReadOnlyList<string> Tags,
    DateTimeOffset At,
    int Version)
    : IntegrationEvent(Id, OccurredAt)
{
    public override string Type => $"entry.{Change}";

    public override string AggregateId => EntryId.ToString();

    public override string ToJson() => JsonSerializer.Serialize(this, JournalJson.Default.EntryChangedEvent);
}
