using System.Collections.Concurrent;
using System.Security.Claims;
using Gatehouse.Contracts.Identity;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Authentication;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Gatehouse.Foundation.Authentication;

/// <summary>
/// Says whether an access token is good. The key decides the algorithm, never the token; which check failed is not
/// told.
/// </summary>
internal sealed class TokenVerifier(ITokenKeys keys, TokenOptions options, TimeProvider time)
{
    /// <summary>
    /// How far clocks of machines may differ. The library's own five minutes would double a token's life.
    /// </summary>
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);

    private readonly JsonWebTokenHandler handler = new() { MaximumTokenSizeInBytes = TokenHeader.TokenCharactersMax };
    private readonly ConcurrentDictionary<TokenKey, VerifyingKey?> imported = new();
    private readonly TokenCache<VerifiedToken> cache = new();

    /// <summary>The caller's ticket, or null when the token is not good.</summary>
    public ValueTask<AuthenticateResult?> Verify(string token, CancellationToken cancellation)
    {
        var hash = TokenHash.Of(token);
        if (cache.Find(hash) is not { } known)
        {
            return VerifyUnknown(token, hash, cancellation);
        }

        // A key that was revoked takes with it what was verified by it.
        var key = keys.Find(known.KeyId, cancellation);
        return key.IsCompletedSuccessfully
            ? ValueTask.FromResult(Judge(known, key.Result))
            : JudgeLater(known, key);
    }

    /// <summary>It was good when it was verified, and is not over.</summary>
    public bool Knows(in TokenHash hash) => cache.Find(hash) is { } known && time.GetUtcNow() < known.GoodUntil;

    private async ValueTask<AuthenticateResult?> JudgeLater(VerifiedToken known, ValueTask<TokenKey?> key) =>
        Judge(known, await key);

    private AuthenticateResult? Judge(VerifiedToken known, TokenKey? key) =>
        key is not null && time.GetUtcNow() < known.GoodUntil ? known.Answer : null;

    private async ValueTask<AuthenticateResult?> VerifyUnknown(
        string token, TokenHash hash, CancellationToken cancellation)
    {
        if (TokenHeader.Read(token) is not { } header ||
            await keys.Find(header.KeyId, cancellation) is not { } published ||
            imported.GetOrAdd(published, VerifyingKey.Import) is not { } key ||
            header.Algorithm != key.Algorithm || header.SignatureBytes != key.SignatureBytes)
        {
            return null;
        }

        var result = handler.ValidateToken(token, Parameters(key.Key));
        if (!result.IsValid || result.SecurityToken is not JsonWebToken jwt || CallerOf(jwt) is not { } caller)
        {
            return null;
        }

        var goodUntil = new DateTimeOffset(jwt.ValidTo, TimeSpan.Zero) + Skew;
        var principal = new ClaimsPrincipal(new CallerIdentity(caller) { GoodUntil = goodUntil });
        var ticket = new AuthenticationTicket(principal, BearerAuthentication.Scheme);
        var verified = new VerifiedToken(AuthenticateResult.Success(ticket), header.KeyId, goodUntil);
        cache.Add(hash, verified);
        return verified.Answer;
    }

    private TokenValidationParameters Parameters(SecurityKey key) => new()
    {
        IssuerSigningKey = key,
        ValidIssuer = options.Issuer,
        ValidAudience = options.Audience,
        LifetimeValidator = (notBefore, expires, token, _) =>
        {
            var now = time.GetUtcNow();
            return expires > (now - Skew).UtcDateTime
                && !(notBefore > (now + Skew).UtcDateTime)
                && ((JsonWebToken)token).IssuedAt <= (now + Skew).UtcDateTime;
        },
    };

    private static Caller? CallerOf(JsonWebToken jwt) =>
        jwt.TryGetPayloadValue<string>("sub", out var sub) && Guid.TryParseExact(sub, "D", out var user)
        && jwt.TryGetPayloadValue<string>("sid", out var sid) && Guid.TryParseExact(sid, "D", out var session)
        && jwt.TryGetPayloadValue<string>("role", out var name) && RoleNames.TryParse(name, out var role)
            ? new Caller(new UserId(user), role, new SessionId(session))
            : null;
}
