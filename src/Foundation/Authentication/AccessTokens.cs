using Gatehouse.Contracts.Identity;

namespace Gatehouse.Foundation.Authentication;

/// <summary>
/// Says whose an access token of Gatehouse is, for what stands before endpoints; those ask by
/// <c>RequireAuthorization</c>.
/// </summary>
public sealed class AccessTokens
{
    private readonly TokenVerifier verifier;
    private readonly ISessionChecks sessions;

    internal AccessTokens(TokenVerifier verifier, ISessionChecks sessions) =>
        (this.verifier, this.sessions) = (verifier, sessions);

    /// <summary>
    /// Null when the token is not good or its session has ended; the end of a session may go unnoticed for
    /// <see cref="SessionCheckBound.Age"/>.
    /// </summary>
    /// <exception cref="HttpRequestException">The keys are elsewhere and cannot be had.</exception>
    /// <exception cref="TaskCanceledException">The same, after waiting for them.</exception>
    public ValueTask<AccessToken?> Check(string token, CancellationToken cancellation)
    {
        var verified = verifier.Verify(token, cancellation);
        if (!verified.IsCompletedSuccessfully)
        {
            return Later(verified.AsTask(), token, cancellation);
        }

        if (verified.Result?.Principal?.Identity is not CallerIdentity identity)
        {
            return ValueTask.FromResult<AccessToken?>(null);
        }

        var session = sessions.IsGood(identity.Caller, token, atOnce: false, cancellation);
        return session.IsCompletedSuccessfully
            ? ValueTask.FromResult(session.Result ? Of(identity) : null)
            : Later(session, identity);
    }

    /// <summary>
    /// A token that was verified here and is not over: without a look at its key and session, for what may let
    /// somebody pass to where <see cref="Check"/> is asked.
    /// </summary>
    public bool Knows(in TokenHash hash) => verifier.Knows(hash);

    private async ValueTask<AccessToken?> Later(
        Task<Microsoft.AspNetCore.Authentication.AuthenticateResult?> verifying, string token,
        CancellationToken cancellation) => (await verifying)?.Principal?.Identity is CallerIdentity identity &&
            await sessions.IsGood(identity.Caller, token, atOnce: false, cancellation)
                ? Of(identity)
                : null;

    private static async ValueTask<AccessToken?> Later(ValueTask<bool> session, CallerIdentity identity) =>
        await session ? Of(identity) : null;

    private static AccessToken Of(CallerIdentity identity) => new(identity.Caller, identity.GoodUntil);
}

/// <summary>A token that is good now.</summary>
/// <param name="Caller">Whose it is.</param>
/// <param name="GoodUntil">Its expiry, with the allowed skew.</param>
public sealed record AccessToken(Kernel.Caller Caller, DateTimeOffset GoodUntil);
