using Gatehouse.Foundation.Data;

namespace Gatehouse.Foundation.Jobs;

/// <summary>One attempt at a job, held by a lease.</summary>
public abstract class JobRun
{
    public required Guid Id { get; init; }

    /// <summary>What makes two requests the same job; null where none was given.</summary>
    public string? Key { get; init; }

    public required string Payload { get; init; }

    /// <summary>From 1; attempts that were postponed do not count.</summary>
    public required int Attempt { get; init; }

    /// <summary>Whether a failure now would be the last.</summary>
    public required bool IsLast { get; init; }

    /// <summary>Says how far it is, for those who look; renews the lease.</summary>
    public abstract Task Report(int percent, string? note, CancellationToken cancellation);

    /// <summary>
    /// Ends the job in the transaction of its effect, so that the effect happens once. Throws when the lease was lost
    /// to another worker: nothing of this transaction may stay.
    /// </summary>
    public abstract Task Complete(UnitOfWork unit, string? result);
}
