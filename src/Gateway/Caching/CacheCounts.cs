using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Gatehouse.Foundation.Telemetry;
using Gatehouse.Gateway.Telemetry;

namespace Gatehouse.Gateway.Caching;

/// <summary>What became of requests at the cache, by route.</summary>
internal sealed class CacheCounts
{
    private static readonly Counter<long> Requests = GatehouseMeter.Meter.CreateCounter<long>(
        "gatehouse.gateway.cache.requests", "{request}", "Requests of routes with a cache, by route and outcome.");

    private readonly ConcurrentDictionary<string, RouteCounts> byRoute = new(StringComparer.Ordinal);

    public IEnumerable<KeyValuePair<string, RouteCounts>> ByRoute => byRoute;

    public void Add(string route, CacheOutcome outcome)
    {
        var label = Labels.OfRoute(route);
        byRoute.GetOrAdd(label, static _ => new RouteCounts()).Add(outcome);
        Requests.Add(1, new("route", label), new("outcome", RouteCounts.WordOf(outcome)));
    }
}

internal enum CacheOutcome
{
    /// <summary>Answered from what was kept.</summary>
    Hit,

    /// <summary>Answered with what another request, on its way, brought.</summary>
    Collapsed,

    /// <summary>Answered with what is past its time.</summary>
    Stale,

    /// <summary>Asked of the origin.</summary>
    Miss,

    /// <summary>The origin said that what was kept still holds.</summary>
    Revalidated,

    /// <summary>Nothing the cache could do for it.</summary>
    Bypass,
}

/// <summary>Of one route.</summary>
internal sealed class RouteCounts
{
    private static readonly string[] Words = ["hit", "collapsed", "stale", "miss", "revalidated", "bypass"];

    private readonly long[] counts = new long[Words.Length];

    public static string WordOf(CacheOutcome outcome) => Words[(int)outcome];

    public void Add(CacheOutcome outcome) => Interlocked.Increment(ref counts[(int)outcome]);

    public long Of(CacheOutcome outcome) => Interlocked.Read(ref counts[(int)outcome]);
}
