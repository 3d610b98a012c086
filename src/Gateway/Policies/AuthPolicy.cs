using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Forwarding;
using Gatehouse.Kernel;

namespace Gatehouse.Gateway.Policies;

/// <summary>Who may pass, by a token; roles and scopes are the route's, so that they change while the gateway runs.
/// </summary>
internal sealed class AuthPolicy(EdgeTokens tokens) : IRoutePolicy
{
    public RouteStep Before(RouteStep next, Route route) =>
        route.Auth is { } auth ? new AuthStep(auth, tokens.Of(auth.Issuer), next).Pass : next;
}

/// <summary>What says whose a token is.</summary>
internal delegate ValueTask<EdgeCaller?> TokenCheck(string token, CancellationToken cancellation);

internal sealed class AuthStep(RouteAuth auth, TokenCheck check, RouteStep next)
{
    private static readonly TimeSpan KeysRetry = TimeSpan.FromSeconds(2);

    public Task Pass(Exchange exchange)
    {
        if (BearerToken.Of(exchange.Context.Request) is not { } token)
        {
            return EdgeAnswers.Refuse(exchange.Context, new Problem(
                ProblemCodes.Unauthenticated, "Send 'Authorization: Bearer' and an access token."));
        }

        var checking = check(token, exchange.Context.RequestAborted);
        return checking.IsCompletedSuccessfully ? Go(exchange, checking.Result) : Later(exchange, checking);
    }

    private async Task Later(Exchange exchange, ValueTask<EdgeCaller?> checking)
    {
        EdgeCaller? caller;
        try
        {
            caller = await checking;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException &&
            !exchange.Context.RequestAborted.IsCancellationRequested)
        {
            await EdgeAnswers.Refuse(exchange.Context, new Problem(
                ProblemCodes.Unavailable, "The token could not be checked at the moment.")
            {
                RetryAfter = KeysRetry,
            });
            return;
        }

        await Go(exchange, caller);
    }

    private Task Go(Exchange exchange, EdgeCaller? caller)
    {
        var headers = exchange.Context.Response.Headers;
        if (caller is null)
        {
            headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
            return EdgeAnswers.Refuse(exchange.Context, new Problem(
                ProblemCodes.InvalidToken, "It is expired, or not for this. Sign in again."));
        }

        exchange.Caller = caller;
        exchange.Log.IsSignedIn = true;
        if (auth.Roles.Count > 0 && !HasOneOf(auth.Roles, caller.Roles))
        {
            return EdgeAnswers.Refuse(exchange.Context, new Problem(
                ProblemCodes.Forbidden, "This needs a role that you do not have."));
        }

        if (auth.Scopes.Count > 0 && !HasAll(auth.Scopes, caller.Scopes))
        {
            headers.WWWAuthenticate =
                $"Bearer error=\"insufficient_scope\", scope=\"{string.Join(' ', auth.Scopes)}\"";
            return EdgeAnswers.Refuse(exchange.Context, new Problem(
                ProblemCodes.Forbidden, "This needs a scope that your token does not have."));
        }

        return next(exchange);
    }

    private static bool HasOneOf(IReadOnlyList<string> asked, IReadOnlyList<string> has)
    {
        for (var i = 0; i < asked.Count; i++)
        {
            if (Has(has, asked[i]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasAll(IReadOnlyList<string> asked, IReadOnlyList<string> has)
    {
        for (var i = 0; i < asked.Count; i++)
        {
            if (!Has(has, asked[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Has(IReadOnlyList<string> names, string name)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (string.Equals(names[i], name, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
