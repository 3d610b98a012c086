namespace Gatehouse.Identity.Services;

/// <summary>Sessions that nobody will use again.</summary>
internal interface IOldSessionRepository
{
    /// <summary>
    /// Deletes, a bounded part a transaction, what was over before then: sessions that were ended, came to their end or
    /// were idle for too long, and refresh tokens that were spent.
    /// </summary>
    Task<PrunedSessions> Prune(DateTimeOffset before, TimeSpan idle, CancellationToken cancellation);

    /// <summary>Deletes devices not seen since then; answers how many.</summary>
    Task<long> PruneDevices(DateTimeOffset before, CancellationToken cancellation);
}

/// <summary>How many were deleted.</summary>
internal sealed record PrunedSessions(long Sessions, long Tokens);
