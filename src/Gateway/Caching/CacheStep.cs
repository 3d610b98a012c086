using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Policies;
using Gatehouse.Gateway.Services;

namespace Gatehouse.Gateway.Caching;

/// <summary>For routes with a cache; and for those beside them that may change what is in it.</summary>
internal sealed class CacheStep(AnswerCache cache, Snapshots snapshots) : IRoutePolicy
{
    private volatile Looked looked = new(Snapshot.Empty, HasCache: false);

    public RouteStep Before(RouteStep next, Route route)
    {
        if (route.Cache is not null)
        {
            return new CachedRoute(cache, route, next).Answer;
        }

        // Another route may have a cache at the same address.
        return !MayChange(route) || !HasCache() ? next : exchange =>
        {
            // Calls and tunnels are no writes to what is kept, and there are many.
            if (!exchange.IsGrpc && !exchange.IsTunnel)
            {
                UnsafeAnswers.Watch(cache, exchange);
            }

            return next(exchange);
        };
    }

    private static bool MayChange(Route route) =>
        route.Match.Methods.Count == 0 || route.Match.Methods.Any(UnsafeAnswers.IsUnsafe);

    // Asked once a route, of which there may be thousands.
    private bool HasCache()
    {
        var current = snapshots.Current;
        if (looked.Snapshot != current)
        {
            looked = new Looked(current, current.Routes.Routes.Any(route => route.Cache is not null));
        }

        return looked.HasCache;
    }

    private sealed record Looked(Snapshot Snapshot, bool HasCache);
}
