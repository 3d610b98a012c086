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

    private volatile Built built = new(null, []);

    public required IUpstream Upstream { get; init; }

    /// <summary>Makes the targets of those that registered, beside the file's.</summary>
    public required Func<IReadOnlyList<Destination>, Target[]> Make { get; init; }

    public required Registered Registered { get; init; }

    /// <summary>Those that take new requests.</summary>
    public Target[] Targets
    {
        get
        {
            var now = Registered.Destinations;
            var last = built;
            if (last.Destinations != now)
            {
                built = last = new Built(now, Make(now));
            }

            return last.Targets;
        }
    }

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

    private sealed record Built(IReadOnlyList<Destination>? Destinations, Target[] Targets);

    private static (Target Target, int Place) PlaceOf(Target target, Target[] targets) =>
        (target, Array.IndexOf(targets, target));
}

/// <summary>What registered in one cluster, across generations.</summary>
internal sealed class Registered
{
    private volatile IReadOnlyList<Destination> destinations = [];

    public IReadOnlyList<Destination> Destinations
    {
        get => destinations;
        set => destinations = value;
    }
}

internal readonly record struct DestinationKey(string Cluster, string Destination, Uri Address);

/// <summary>Finds the state of a cluster by its model, in one look-up without a lock.</summary>
internal sealed class ClusterStates(Func<Cluster, IUpstream> connect)
{
    private readonly ConditionalWeakTable<Cluster, ClusterState> generations = [];
    private readonly Dictionary<DestinationKey, WeakReference<DestinationState>> known = [];
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<string, RetryBudget> budgets = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Registered> registered = new(StringComparer.Ordinal);

    /// <summary>Those that registered, in place of those before; none has the id of one of the file.</summary>
    public void Register(string cluster, IReadOnlyList<Destination> destinations) =>
        RegisteredIn(cluster).Destinations = destinations;

    public IReadOnlyList<Destination> Members(string cluster) => RegisteredIn(cluster).Destinations;

    public ClusterState Of(Cluster cluster) =>
        generations.TryGetValue(cluster, out var state) ? state : generations.GetValue(cluster, Make);

    private ClusterState Make(Cluster cluster) => new()
    {
        Upstream = connect(cluster),
        Make = members => [.. cluster.Destinations.Concat(members).Where(d => d.Weight > 0).Select(d => new Target(
            StateOf(cluster, d),
            d.Weight,
            Rendezvous.HashOf(d.Id)))],
        Registered = RegisteredIn(cluster.Id),
        Balancer = Balancers.Of(cluster.Balancing),
        Budget = budgets.GetOrAdd(
            cluster.Id, static _ => new RetryBudget(ClusterState.RetryPercent, ClusterState.RetriesMin)),
    };

    private Registered RegisteredIn(string cluster) =>
        registered.GetOrAdd(cluster, static _ => new Registered());

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
