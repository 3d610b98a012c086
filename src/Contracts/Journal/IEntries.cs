using Gatehouse.Kernel;

namespace Gatehouse.Contracts.Journal;

/// <summary>
/// A person's own journal. Every act is about the caller's entries alone: someone else's is <c>not_found</c>, like one
/// that never was.
/// </summary>
public interface IEntries
{
    /// <summary>
    /// Writes one. With an idempotency key (1 to 255 characters, the caller's own, kept 24 h) a repeated call answers
    /// what the first one did. Codes: <c>validation_failed</c>, <c>idempotency_mismatch</c>.
    /// </summary>
    Task<Result<CreatedEntry>> Create(
        Caller caller, CreateEntry request, string? idempotencyKey, CancellationToken cancellation);

    /// <summary>
    /// Writes up to 1,000 in one transaction, those that are sound; each is answered in its place. With an idempotency
    /// key as above. Codes: <c>validation_failed</c> where there are none or too many, <c>idempotency_mismatch</c>.
    /// </summary>
    Task<Result<CreatedEntries>> CreateMany(
        Caller caller, CreateEntries request, string? idempotencyKey, CancellationToken cancellation);

    /// <summary>Newest first by their own time.</summary>
    Task<Page<EntryView>> List(
        Caller caller, EntryFilter filter, PageRequest page, CancellationToken cancellation);

    /// <summary>Code: <c>not_found</c>.</summary>
    Task<Result<EntryView>> Get(Caller caller, Guid id, CancellationToken cancellation);

    /// <summary>
    /// Changes the fields that are given, if the entry is still at <paramref name="version"/> (null: at any). Codes:
    /// <c>not_found</c>, <c>precondition_failed</c>, <c>validation_failed</c>.
    /// </summary>
    Task<Result<EntryView>> Update(
        Caller caller, Guid id, UpdateEntry request, int? version, CancellationToken cancellation);

    /// <summary>
    /// Deletes it; for a day it can be had back. Doing it again is <c>not_found</c>. Codes: <c>not_found</c>,
    /// <c>precondition_failed</c>.
    /// </summary>
    Task<Result<Done>> Delete(Caller caller, Guid id, int? version, CancellationToken cancellation);

    /// <summary>
    /// Brings back what was deleted within the last day, as it was; one that was not deleted stays as it is. Code:
    /// <c>not_found</c>.
    /// </summary>
    Task<Result<EntryView>> Restore(Caller caller, Guid id, CancellationToken cancellation);
}
