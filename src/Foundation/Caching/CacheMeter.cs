using System.Diagnostics.Metrics;
using Gatehouse.Foundation.Telemetry;

namespace Gatehouse.Foundation.Caching;

internal static class CacheMeter
{
    public static readonly KeyValuePair<string, object?> Memory = new("level", "memory");
    public static readonly KeyValuePair<string, object?> Redis = new("level", "redis");
    public static readonly KeyValuePair<string, object?> Full = new("reason", "full");
    public static readonly KeyValuePair<string, object?> Lapsed = new("reason", "lapsed");

    public static readonly Counter<long> Hits = GatehouseMeter.Meter.CreateCounter<long>(
        "gatehouse.cache.hits", "{value}", "Values answered from the cache, by level.");

    public static readonly Counter<long> Misses = GatehouseMeter.Meter.CreateCounter<long>(
        "gatehouse.cache.misses", "{value}", "Values that were loaded because no level had them.");

    public static readonly Counter<long> Stale = GatehouseMeter.Meter.CreateCounter<long>(
        "gatehouse.cache.stale", "{value}", "Values answered past their time while one loads them anew.");

    public static readonly Counter<long> Prevented = GatehouseMeter.Meter.CreateCounter<long>(
        "gatehouse.cache.stampedes_prevented", "{load}", "Loads that were not made since another was under way.");

    public static readonly Counter<long> Evictions = GatehouseMeter.Meter.CreateCounter<long>(
        "gatehouse.cache.evictions", "{entry}", "Entries that left the memory, by reason.");

    public static readonly Counter<long> Invalidations = GatehouseMeter.Meter.CreateCounter<long>(
        "gatehouse.cache.invalidations", "{tag}", "Tags and keys that were forgotten on demand.");
}
