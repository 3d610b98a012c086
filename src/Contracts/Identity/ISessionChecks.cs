using Gatehouse.Kernel;

namespace Gatehouse.Contracts.Identity;

/// <summary>
/// Whether the login behind an access token still goes on. A token is good by its signature until it expires; this is
/// what lets a logout, a disabled account or another role take its effect sooner.
/// </summary>
public interface ISessionChecks
{
    /// <summary>
    /// False when the session has ended, the account is disabled, or its role is not the token's any more.
    /// </summary>
    /// <param name="caller">What the token says, verified.</param>
    /// <param name="accessToken">
    /// The token itself: where identity is another process it is asked with it, so with no more rights than the
    /// caller's.
    /// </param>
    /// <param name="atOnce">
    /// True for calls that need more than an account: asks the database of identity. Otherwise the answer may be as old
    /// as <see cref="SessionCheckBound"/>.
    /// </param>
    /// <param name="cancellation">Ends the wait.</param>
    ValueTask<bool> IsGood(Caller caller, string accessToken, bool atOnce, CancellationToken cancellation);
}

/// <summary>How long an access token may outlive its session.</summary>
public static class SessionCheckBound
{
    /// <summary>The age of an answer that is not asked for at once.</summary>
    public static readonly TimeSpan Age = TimeSpan.FromSeconds(30);
}
