using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Configuration;

/// <summary>From what is said of a cluster to the cluster.</summary>
internal static class ClusterBinding
{
    public static Cluster Bind(string id, Bound said)
    {
        var cluster = new Cluster
        {
            Id = id,
            Destinations =
            [
                .. (said.Find(ClusterKeys.Destinations) ?? []).Select(destination => new Destination(
                    destination.Key.Key,
                    destination.Value.Find(ClusterKeys.Address)!,
                    destination.Value.Value(ClusterKeys.Weight) ?? 1)),
            ],
        };
        return cluster with
        {
            Registry = said.Find(ClusterKeys.Registry) is { } registry
                ? new RegistryRule(
                    registry.Find(ClusterKeys.RegistryCluster) ?? id, registry.Find(ClusterKeys.RegistryTags) ?? [])
                : null,
            Balancing = said.Find(ClusterKeys.Balancing) is { } balancing ? BalancingOf(balancing) : new Balancing(),
            Http2 = said.Value(ClusterKeys.Http2) ?? cluster.Http2,
            ConnectTimeout = said.Value(ClusterKeys.ConnectTimeout) ?? cluster.ConnectTimeout,
            ActiveHealth = said.Find(ClusterKeys.Health)?.Find(ClusterKeys.Active) is { } active
                ? ActiveOf(active)
                : null,
            PassiveHealth = said.Find(ClusterKeys.Health)?.Find(ClusterKeys.Passive) is { } passive
                ? PassiveOf(passive)
                : null,
            Breaker = said.Find(ClusterKeys.Breaker) is { } breaker ? BreakerOf(breaker) : null,
            Bulkhead = said.Find(ClusterKeys.Bulkhead) is { } bulkhead
                ? new Bulkhead(
                    bulkhead.Value(ClusterKeys.BulkheadRequests)!.Value, bulkhead.Value(ClusterKeys.BulkheadQueue) ?? 0)
                : null,
        };
    }

    public static ActiveHealth ActiveOf(Bound said)
    {
        var active = new ActiveHealth();
        return active with
        {
            Path = said.Find(ClusterKeys.HealthPath) ?? active.Path,
            Interval = said.Value(ClusterKeys.Interval) ?? active.Interval,
            Timeout = said.Value(ClusterKeys.HealthTimeout) ?? active.Timeout,
            Up = said.Value(ClusterKeys.Up) ?? active.Up,
            Down = said.Value(ClusterKeys.Down) ?? active.Down,
        };
    }

    private static Balancing BalancingOf(Bound said) => new()
    {
        Policy = said.Value(ClusterKeys.Policy) ?? BalancingPolicy.PowerOfTwo,
        HashHeader = said.Find(ClusterKeys.HashHeader),
        HashParameter = said.Find(ClusterKeys.HashParameter),
        CookieName = said.Find(ClusterKeys.CookieName),
    };

    private static PassiveHealth PassiveOf(Bound said)
    {
        var passive = new PassiveHealth();
        return passive with
        {
            Failures = said.Value(ClusterKeys.PassiveFailures) ?? passive.Failures,
            Ejection = said.Value(ClusterKeys.Ejection) ?? passive.Ejection,
            EjectedPercentMax = said.Value(ClusterKeys.EjectedMax) ?? passive.EjectedPercentMax,
        };
    }

    private static BreakerRule BreakerOf(Bound said)
    {
        var breaker = new BreakerRule();
        return breaker with
        {
            Failures = said.Value(ClusterKeys.BreakerFailures) ?? breaker.Failures,
            Open = said.Value(ClusterKeys.Open) ?? breaker.Open,
            Trials = said.Value(ClusterKeys.Trials) ?? breaker.Trials,
        };
    }
}
