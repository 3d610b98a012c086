using Gatehouse.Foundation.Authentication;
using Gatehouse.Foundation.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Foundation.Limits;

/// <summary>
/// Limits by address and by route, before any cryptography. Whoever shows a token is not counted with those behind the
/// same address who have none: only <see cref="DefaultLimits.Address"/>, which guards this instance from tokens that
/// cost a signature each, stands before the check of the token.
/// </summary>
internal sealed class AddressLimitMiddleware(RequestDelegate next, RateLimits limits)
{
    private const string Bearer = BearerAuthentication.Scheme + " ";

    public async Task Invoke(HttpContext context)
    {
        if (!limits.AreFor(context, out var required))
        {
            await next(context);
            return;
        }

        var hasOwn = false;
        foreach (var limit in required)
        {
            var policy = limits[limit.Policy];
            hasOwn |= policy.By == LimitBy.Address;
            if (policy.By is LimitBy.Address or LimitBy.Route && !await limits.Admit(context, policy))
            {
                return;
            }
        }

        var ordinary = ShowsToken(context) ? DefaultLimits.Address : DefaultLimits.Anonymous;
        if (hasOwn || await limits.Admit(context, limits[ordinary]))
        {
            await next(context);
        }
    }

    public static bool ShowsToken(HttpContext context) =>
        context.Request.Headers.Authorization is [{ } first, ..] &&
        first.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase);
}

/// <summary>
/// Limits by user, once it is known who calls. A token that turned out to be none is counted as if it had not been
/// sent: a false one buys nothing.
/// </summary>
internal sealed class UserLimitMiddleware(RequestDelegate next, RateLimits limits)
{
    public async Task Invoke(HttpContext context)
    {
        if (limits.AreFor(context, out var required) && !await AreKept(context, required))
        {
            return;
        }

        await next(context);
    }

    private async Task<bool> AreKept(HttpContext context, IReadOnlyList<RequiredLimit> required)
    {
        var (byUser, byAddress) = (false, false);
        foreach (var limit in required)
        {
            var policy = limits[limit.Policy];
            byUser |= policy.By == LimitBy.User;
            byAddress |= policy.By == LimitBy.Address;
            if (policy.By == LimitBy.User && !await limits.Admit(context, policy))
            {
                return false;
            }
        }

        if (context.User.CallerOrNull() is not null)
        {
            return byUser || await limits.Admit(context, limits[DefaultLimits.User]);
        }

        return byAddress || !AddressLimitMiddleware.ShowsToken(context) ||
            await limits.Admit(context, limits[DefaultLimits.Anonymous]);
    }
}

file static class LimitedRequest
{
    public static bool AreFor(this RateLimits limits, HttpContext context, out IReadOnlyList<RequiredLimit> required)
    {
        var metadata = context.GetEndpoint()?.Metadata;
        required = metadata?.GetOrderedMetadata<RequiredLimit>() ?? [];
        return limits.Enabled && metadata?.GetMetadata<Unlimited>() is null;
    }

    /// <summary>Spends a permit and says so in the headers; false when there was none and that is answered.</summary>
    public static async ValueTask<bool> Admit(this RateLimits limits, HttpContext context, LimitPolicy policy)
    {
        var decision = await limits.Spend(policy, KeyOf(policy.By, context), context.RequestAborted);
        // The last one stands: of several limits the narrowest is asked last.
        decision.Say(context.Response.Headers);
        if (!decision.Allowed)
        {
            await ProblemDocument.Write(context, decision.ToProblem());
        }

        return decision.Allowed;
    }

    private static LimitKey KeyOf(LimitBy by, HttpContext context) => by switch
    {
        LimitBy.User when context.User.CallerOrNull() is { } caller => LimitKey.Of(caller.User.Value),
        LimitBy.Address or LimitBy.User => LimitKey.Of(context.Connection.RemoteIpAddress),
        LimitBy.Route => LimitKey.Of((context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? ""),
        _ => throw new InvalidOperationException("An endpoint is limited by address, user or route."),
    };
}
