using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Services;

internal interface ISessionRepository
{
    Task Add(Session session, RefreshToken first, CancellationToken cancellation);

    /// <summary>
    /// Notes a login that failed, of nobody known too: both must take the time of one that succeeds.
    /// </summary>
    Task Refuse(UserId? user, CancellationToken cancellation);

    /// <summary>
    /// Spends a refresh token for the next one, in one transaction. Of many that try with the same token exactly one
    /// moves the session on. A reused token ends the session.
    /// </summary>
    Task<Refreshed> Refresh(
        RefreshToken spent,
        RefreshToken next,
        SessionLimits limits,
        DateTimeOffset now,
        CancellationToken cancellation);

    /// <summary>Whether password (and code) were shown in this session, which goes on, since then.</summary>
    Task<bool> WasAuthenticatedSince(SessionId session, DateTimeOffset since, CancellationToken cancellation);

    Task End(SessionId session, DateTimeOffset now, CancellationToken cancellation);
}

/// <summary>How a refresh ended.</summary>
/// <param name="Outcome">What became of the token.</param>
/// <param name="Session">Where it belongs; null when it is unknown.</param>
internal sealed record Refreshed(RefreshOutcome Outcome, Session? Session);

internal enum RefreshOutcome
{
    /// <summary>The next token is good.</summary>
    Renewed,

    /// <summary>There is no such token, or its session is over.</summary>
    Unknown,

    /// <summary>It was spent before; the session has been ended.</summary>
    Reused,
}
