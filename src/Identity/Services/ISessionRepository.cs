using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Services;

internal interface ISessionRepository
{
    /// <summary>The session that goes on whose newest token this is; null when it is spent or unknown.</summary>
    Task<SessionId?> WhoseNewest(RefreshToken token, CancellationToken cancellation);

    /// <summary>
    /// Spends a refresh token for the next one, in one transaction. Of many that try with the same token exactly one
    /// moves the session on. A reused token ends the session, and its owner is told.
    /// </summary>
    Task<Refreshed> Refresh(
        RefreshToken spent,
        RefreshToken next,
        SessionLimits limits,
        Client client,
        DateTimeOffset now,
        CancellationToken cancellation);

    /// <summary>Whether password (and code) were shown in this session, which goes on, since then.</summary>
    Task<bool> WasAuthenticatedSince(SessionId session, DateTimeOffset since, CancellationToken cancellation);

    Task End(SessionId session, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Ends the session of that token, spent or not; null when none goes on.</summary>
    Task<SessionId?> End(RefreshToken token, DateTimeOffset now, CancellationToken cancellation);
}

/// <summary>How a refresh ended.</summary>
/// <param name="Outcome">What became of the token.</param>
/// <param name="Session">Where it belongs; null when it is unknown.</param>
internal sealed record Refreshed(RefreshOutcome Outcome, Session? Session);

internal enum RefreshOutcome
{
    /// <summary>The next token is good, and the session a generation older.</summary>
    Rotated,

    /// <summary>The token was spent a moment before; the next one is good beside the one given then.</summary>
    Repeated,

    /// <summary>There is no such token, or its session is over.</summary>
    Unknown,

    /// <summary>It was spent before; the session has been ended.</summary>
    Reused,
}
