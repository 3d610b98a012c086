using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Services;

/// <summary>
/// Step-up: what could take an account away from its owner needs a password (and a code, where there is a second
/// factor) shown in the same session a moment ago, so that a session left open does not suffice.
/// </summary>
internal sealed class RecentSignIn(ISessionRepository sessions, TimeProvider time)
{
    public static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(10);

    /// <summary><c>reauth_required</c>, or null when it was recent.</summary>
    public async Task<Problem?> Refusal(SessionId session, CancellationToken cancellation) =>
        await sessions.WasAuthenticatedSince(session, time.Now() - GoodFor, cancellation)
            ? null
            : IdentityProblems.ReauthRequired;
}
