using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Gatehouse.Foundation.Resilience;
using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Forwarding;

/// <summary>What is counted of one server, as long as any generation names it.</summary>
internal sealed class DestinationState(Destination destination)
{
    private int underWay;

    public string Id => destination.Id;

    /// <summary>Scheme, authority and the path that is put before each request's.</summary>
    public string Prefix { get; } = destination.Address.GetLeftPart(UriPartial.Path).TrimEnd('/');

    public bool IsSecure { get; } = destination.Address.Scheme == Uri.UriSchemeHttps;

    /// <summary>Tries that wait for their answer or pass it on, WebSockets included.</summary>
    public int UnderWay => Volatile.Read(ref underWay);

    public void Begin() => Interlocked.Increment(ref underWay);

    public void End() => Interlocked.Decrement(ref underWay);
}

/// <summary>A destination as one generation wants it used.</summary>
internal sealed record Target(DestinationState State, int Weight, ulong Hash);

/// <summary>One generation of a cluster, with what outlives the generation: counters, connections, budget.</summary>
internal sealed class ClusterState
{
    public const int RetryPercent = 20;
    public const int RetriesMin = 3;

    public required IUpstream Upstream { get; init; }

    /// <summary>Those that take new requests.</summary>
    public required Target[] Targets { get; init; }

    public required IBalancer Balancer { get; init; }

    public required RetryBudget Budget { get; init; }

    /// <param name="tried">A bit for each place of a target that was asked already; past 64 none is known.</param>
    public (Target? Target, int Place) Choose(ulong tried, Exchange exchange)
    {
        var targets = Targets;
        if (tried == 0)
        {
            return targets.Length == 0 ? (null, 0) : PlaceOf(Balancer.Pick(targets, exchange), targets);
        }

        var others = new List<Target>(targets.Length);
        for (var i = 0; i < targets.Length; i++)
        {
            if (i >= 64 || (tried & (1UL << i)) == 0)
            {
                others.Add(targets[i]);
            }
        }

        // One that failed may do better than none.
        return PlaceOf(
            Balancer.Pick(others.Count > 0 ? [.. others] : targets, exchange), targets);
    }

    private static (Target Target, int Place) PlaceOf(Target target, Target[] targets) =>
        (target, Array.IndexOf(targets, target));
}

internal readonly record struct DestinationKey(string Cluster, string Destination, Uri Address);

/// <summary>Finds the state of a cluster by its model, in one look-up without a lock.</summary>
internal sealed class ClusterStates(Func<Cluster, IUpstream> connect)
{
    private readonly ConditionalWeakTable<Cluster, ClusterState> generations = [];
    private readonly Dictionary<DestinationKey, WeakReference<DestinationState>> known = [];
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<string, RetryBudget> budgets = new(StringComparer.Ordinal);

    public ClusterState Of(Cluster cluster) =>
        generations.TryGetValue(cluster, out var state) ? state : generations.GetValue(cluster, Make);

    private ClusterState Make(Cluster cluster) => new()
    {
        Upstream = connect(cluster),
        Targets = [.. cluster.Destinations.Where(d => d.Weight > 0).Select(d => new Target(
            StateOf(cluster, d),
            d.Weight,
            Rendezvous.HashOf(d.Id)))],
        Balancer = Balancers.Of(cluster.Balancing),
        Budget = budgets.GetOrAdd(
            cluster.Id, static _ => new RetryBudget(ClusterState.RetryPercent, ClusterState.RetriesMin)),
    };

    // A server is counted on across generations, and forgotten with the last that names it.
    private DestinationState StateOf(Cluster cluster, Destination destination)
    {
        lock (gate)
        {
            var key = new DestinationKey(cluster.Id, destination.Id, destination.Address);
            if (known.TryGetValue(key, out var seen) && seen.TryGetTarget(out var state))
            {
                return state;
            }

            foreach (var gone in known.Where(pair => !pair.Value.TryGetTarget(out _)).Select(pair => pair.Key).ToList())
            {
                known.Remove(gone);
            }

            state = new DestinationState(destination);
            known[key] = new WeakReference<DestinationState>(state);
            return state;
        }
    }
}
