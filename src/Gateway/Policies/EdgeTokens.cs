using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Authentication;
using Gatehouse.Foundation.Limits;
using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Forwarding;
using Gatehouse.Kernel;

namespace Gatehouse.Gateway.Policies;

/// <summary>Checks of tokens: of Gatehouse's own, and for each issuer of the file one that outlives the file's
/// generations, so that a change of routes fetches no keys and forgets no token.</summary>
internal sealed class EdgeTokens(AccessTokens own, TimeProvider time) : IDisposable
{
    private const int IssuersMax = 200;

    private readonly ConditionalWeakTable<Caller, EdgeCaller> callers = [];
    private readonly ConcurrentDictionary<string, IssuerTokens> issuers = new(StringComparer.Ordinal);
    private readonly HttpClient http = new(new KeyDiscovery()) { Timeout = TimeSpan.FromSeconds(5) };

    public TokenCheck Of(TrustedIssuer? issuer)
    {
        if (issuer is null)
        {
            return CheckOwn;
        }

        if (issuers.Count > IssuersMax)
        {
            issuers.Clear();
        }

        return issuers.GetOrAdd(issuer.Fingerprint, _ => new IssuerTokens(
            issuer, new TokenKeysClient(http, issuer.Address, time), time)).Check;
    }

    /// <summary>It was good when it was last looked at, and is not over. Costs a hash, whatever it is.</summary>
    public bool Knows(string token)
    {
        var hash = TokenHash.Of(token);
        if (own.Knows(hash))
        {
            return true;
        }

        foreach (var (_, issuer) in issuers)
        {
            if (issuer.Knows(hash))
            {
                return true;
            }
        }

        return false;
    }

    public void Dispose() => http.Dispose();

    private ValueTask<EdgeCaller?> CheckOwn(string token, CancellationToken cancellation)
    {
        var checking = own.Check(token, cancellation);
        return checking.IsCompletedSuccessfully
            ? ValueTask.FromResult(checking.Result is { } good ? Of(good) : null)
            : CheckLater(checking);
    }

    private async ValueTask<EdgeCaller?> CheckLater(ValueTask<AccessToken?> checking) =>
        await checking is { } good ? Of(good) : null;

    // The caller of a token that is known is the same object each time.
    private EdgeCaller Of(AccessToken token)
    {
        var caller = token.Caller;
        if (callers.TryGetValue(caller, out var known))
        {
            return known;
        }

        var made = new EdgeCaller(
            TrustedIssuer.OwnId,
            caller.User.ToString(),
            [caller.Role.ToName()],
            [.. Permissions.Of(caller.Role).Order(StringComparer.Ordinal)],
            LimitKey.Of(caller.User.Value),
            token.GoodUntil);
        callers.AddOrUpdate(caller, made);
        return made;
    }
}
