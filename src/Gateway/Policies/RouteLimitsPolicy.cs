using System.Collections.Concurrent;
using Gatehouse.Foundation.Limits;
using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Policies;

/// <summary>How much of a route one address, all together, and all at once may have: before any cryptography.</summary>
internal sealed class RouteLimitsPolicy(RateLimits limits) : IRoutePolicy
{
    private const int RoutesMax = 50_000;
    private static readonly LimitKey Everybody = LimitKey.Of("everybody");

    // By id, so that what is under way counts on when the file changes.
    private readonly ConcurrentDictionary<string, UnderWay> underWay = new(StringComparer.Ordinal);

    public RouteStep Before(RouteStep next, Route route)
    {
        var (perAddress, total, concurrent) = (route.Limits.PerAddress, route.Limits.Total, route.Limits.Concurrent);
        if (concurrent is { } most)
        {
            next = new ConcurrencyStep(Counter(route.Id), most, next).Pass;
        }

        if (total is not null && limits.Enabled)
        {
            next = new RouteRate(
                limits, RouteRate.Policy(route, "total", LimitBy.Route, total), _ => Everybody, next).Pass;
        }

        // First: who is over it does not use up what is everybody's.
        if (perAddress is not null && limits.Enabled)
        {
            next = new RouteRate(
                limits, RouteRate.Policy(route, "address", LimitBy.Address, perAddress),
                exchange => LimitKey.Of(exchange.Context.Connection.RemoteIpAddress), next).Pass;
        }

        return next;
    }

    private UnderWay Counter(string route)
    {
        if (underWay.Count > RoutesMax)
        {
            foreach (var (id, count) in underWay)
            {
                if (count.IsNone)
                {
                    underWay.TryRemove(id, out _);
                }
            }
        }

        return underWay.GetOrAdd(route, _ => new UnderWay());
    }
}

/// <summary>How much of a route one person may have, once it is known who it is.</summary>
internal sealed class UserLimitPolicy(RateLimits limits) : IRoutePolicy
{
    public RouteStep Before(RouteStep next, Route route) =>
        route is { Limits.PerUser: { } rate, Auth: not null } && limits.Enabled
            ? new RouteRate(
                limits, RouteRate.Policy(route, "user", LimitBy.User, rate), exchange => exchange.Caller!.Key,
                next).Pass
            : next;
}
