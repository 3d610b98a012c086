using System.Collections.Concurrent;
using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Authentication;
using Gatehouse.Foundation.Limits;
using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Forwarding;
using Gatehouse.Kernel;

namespace Gatehouse.Gateway.Policies;

/// <summary>
/// Says whose a token of one issuer is. The key decides which algorithms there may be and the file which are believed;
/// which check failed is not told.
/// </summary>
internal sealed class IssuerTokens(TrustedIssuer issuer, ITokenKeys keys, TimeProvider time)
{
    private const int KeysMax = 100;

    private readonly TokenCache<Known> cache = new();
    private readonly ConcurrentDictionary<TokenKey, IssuerKey?> imported = new();

    public ValueTask<EdgeCaller?> Check(string token, CancellationToken cancellation)
    {
        var hash = TokenHash.Of(token);
        if (cache.Find(hash) is not { } known)
        {
            return CheckUnknown(token, hash, cancellation);
        }

        // A key that was taken back takes with it what was verified by it.
        var key = keys.Find(known.KeyId, cancellation);
        return key.IsCompletedSuccessfully
            ? ValueTask.FromResult(Judge(known, key.Result))
            : JudgeLater(known, key);
    }

    /// <summary>It was good when it was verified, and is not over.</summary>
    public bool Knows(in TokenHash hash) =>
        cache.Find(hash) is { } known && time.GetUtcNow() < known.Caller.GoodUntil;

    private async ValueTask<EdgeCaller?> JudgeLater(Known known, ValueTask<TokenKey?> key) => Judge(known, await key);

    private EdgeCaller? Judge(Known known, TokenKey? key) =>
        key == known.Key && time.GetUtcNow() < known.Caller.GoodUntil ? known.Caller : null;

    private async ValueTask<EdgeCaller?> CheckUnknown(string token, TokenHash hash, CancellationToken cancellation)
    {
        if (IssuerTokenText.Read(token) is not { } text || !issuer.Algorithms.Contains(text.Algorithm) ||
            await keys.Find(text.KeyId, cancellation) is not { } published ||
            Import(published) is not { } key || !key.Verifies(text) ||
            IssuerClaims.Read(text.Claims, issuer, time.Now()) is not { } claims)
        {
            return null;
        }

        var caller = new EdgeCaller(
            issuer.Id, claims.Subject, claims.Roles, claims.Scopes,
            // One person is another at another issuer.
            LimitKey.Of($"{issuer.Id}\n{claims.Subject}"), claims.GoodUntil);
        cache.Add(hash, new Known(caller, text.KeyId, published));
        return caller;
    }

    private IssuerKey? Import(TokenKey key)
    {
        if (imported.Count > KeysMax)
        {
            imported.Clear();
        }

        return imported.GetOrAdd(key, IssuerKey.Import);
    }

    private sealed record Known(EdgeCaller Caller, string KeyId, TokenKey Key);
}
