using Gatehouse.Foundation.Data;
using Gatehouse.Journal.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Journal.Services;

/// <summary>New entries of one person waiting to be written, all or none.</summary>
/// <param name="owner">Whose they are.</param>
/// <param name="entries">May be none, where there is only an answer to keep.</param>
/// <param name="idempotency">The person's key, if one was sent.</param>
/// <param name="answer">What the key is to remember; nothing without a key.</param>
/// <param name="cancellation">Ends the wait.</param>
internal sealed class EntryRequest(
    UserId owner,
    IReadOnlyList<Entry> entries,
    IdempotentRequest? idempotency,
    string? answer,
    CancellationToken cancellation)
    : LaneRequest<Written>(idempotency, cancellation)
{
    public const int RowsCharacters = 1_000;
    private const int TagCharacters = 100;

    public UserId Owner => owner;

    public IReadOnlyList<Entry> Entries => entries;

    public string? ToKeep => answer;

    /// <summary>In characters: what it keeps in memory while it waits, and about what its rows cost.</summary>
    public override int Weight { get; } = (answer?.Length ?? 0) + entries.Sum(entry =>
        RowsCharacters + entry.Details.Text.Length + entry.Details.Tags.Sum(tag => TagCharacters + tag.Length));
}

/// <summary>They are durable.</summary>
/// <param name="Earlier">What an earlier request with the same key was answered; then nothing was written.</param>
internal readonly record struct Written(string? Earlier);
