using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Gatehouse.Foundation.Resilience;
using Gatehouse.Gateway.Destinations;
using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Forwarding;

/// <summary>One generation of a cluster, with what outlives the generation: members, connections, budget.</summary>
internal sealed class ClusterState
{
    public const int RetryPercent = 20;
    public const int RetriesMin = 3;

    // Past so many in a row, those that do not let in are not told apart by bits.
    private const int Bits = 64;

    public required IUpstream Upstream { get; init; }

    public required Membership Members { get; init; }

    public required IBalancer Balancer { get; init; }

    public required RetryBudget Budget { get; init; }

    public static ulong BitOf(Target target) => target.State.Number < Bits ? 1UL << target.State.Number : 0;

    /// <summary>
    /// Somebody who lets a try in at once. Who does not is passed by without a wait: nothing was sent, and the next one
    /// may have room.
    /// </summary>
    /// <param name="tried">A bit for each destination that was asked already.</param>
    public Admission TryEnter(ulong tried, Exchange exchange, out Entry entry)
    {
        var eligible = Members.Eligible;
        var refusal = eligible is { Targets.Length: 0, IsBreakerOpen: true } ? Admission.BreakerOpen : Admission.None;
        var shut = 0UL;
        for (var left = Math.Min(eligible.Targets.Length, Bits); left > 0; left--)
        {
            if (Choose(eligible.Targets, tried, shut, exchange) is not { } target)
            {
                break;
            }

            var admission = target.State.TryEnter(target, out entry);
            if (admission == Admission.Entered)
            {
                return admission;
            }

            // One that has no room now may have in a moment: that is worth waiting for.
            refusal = refusal == Admission.NoPermit ? refusal : admission;
            shut |= BitOf(target);
        }

        entry = default;
        return refusal;
    }

    /// <summary>Waits for room, in the order of arrival, as long as the request may.</summary>
    public async Task<(Admission, Entry)> Wait(ulong tried, Exchange exchange)
    {
        using var limit = TimeLimit.Begin(exchange.Left, exchange.Context.RequestAborted);
        var shut = 0UL;
        for (var left = Bits; left > 0; left--)
        {
            var targets = Members.Eligible.Targets;
            if (Choose(targets, tried, shut, exchange) is not { } target)
            {
                break;
            }

            var room = target.State.Permits;
            if (room is not null && !await TryWait(room, limit.Token))
            {
                shut |= BitOf(target);
                continue;
            }

            if (Array.IndexOf(Members.Eligible.Targets, target) < 0)
            {
                // It went while this waited for it.
                room?.Leave();
                continue;
            }

            var admission = target.State.EnterWithRoom(target, room, out var entry);
            if (admission == Admission.Entered)
            {
                return (admission, entry);
            }

            shut |= BitOf(target);
        }

        exchange.Context.RequestAborted.ThrowIfCancellationRequested();
        return (Admission.NoPermit, default);
    }

    private static async ValueTask<bool> TryWait(Permits room, CancellationToken cancellation)
    {
        try
        {
            return await room.Wait(cancellation);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    // One that failed may do better than none; one that lets nobody in may not.
    private Target? Choose(Target[] targets, ulong tried, ulong shut, Exchange exchange)
    {
        if (targets.Length == 0)
        {
            return null;
        }

        if ((tried | shut) == 0)
        {
            return Balancer.Pick(targets, exchange);
        }

        var others = ArrayPool<Target>.Shared.Rent(targets.Length);
        try
        {
            var count = Without(tried | shut, targets, others);
            count = count > 0 ? count : Without(shut, targets, others);
            return count == 0 ? null : Balancer.Pick(others.AsSpan(0, count), exchange);
        }
        finally
        {
            ArrayPool<Target>.Shared.Return(others, clearArray: true);
        }
    }

    private static int Without(ulong bits, Target[] targets, Target[] others)
    {
        var count = 0;
        foreach (var target in targets)
        {
            if ((BitOf(target) & bits) == 0)
            {
                others[count++] = target;
            }
        }

        return count;
    }
}

/// <summary>Finds the state of a cluster by its model, in one look-up without a lock.</summary>
internal sealed class ClusterStates(Func<Cluster, IUpstream> connect, Memberships memberships)
{
    private readonly ConditionalWeakTable<Cluster, ClusterState> generations = [];
    private readonly ConcurrentDictionary<string, RetryBudget> budgets = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    public DestinationEvents Events => memberships.Events;

    public ClusterState Of(Cluster cluster) =>
        generations.TryGetValue(cluster, out var state) ? state : Make(cluster);

    /// <summary>Who has registered for a cluster, in place of those before: see <see cref="Memberships"/>.</summary>
    public void Register(string cluster, IReadOnlyList<Destination> destinations) =>
        memberships.Register(cluster, destinations);

    /// <summary>All of a new generation, before its first request: who probes has to know.</summary>
    public void Follow(Snapshot snapshot)
    {
        foreach (var cluster in snapshot.Clusters.Values)
        {
            Of(cluster);
        }

        memberships.Keep(snapshot.Clusters.Keys.ToHashSet(StringComparer.Ordinal));
        foreach (var gone in budgets.Keys.Where(id => !snapshot.Clusters.ContainsKey(id)))
        {
            budgets.TryRemove(gone, out _);
        }
    }

    private ClusterState Make(Cluster cluster)
    {
        lock (gate)
        {
            if (generations.TryGetValue(cluster, out var made))
            {
                return made;
            }

            made = new ClusterState
            {
                Upstream = connect(cluster),
                Members = memberships.Take(cluster),
                Balancer = Balancers.Of(cluster.Balancing),
                Budget = budgets.GetOrAdd(
                    cluster.Id, static _ => new RetryBudget(ClusterState.RetryPercent, ClusterState.RetriesMin)),
            };
            generations.Add(cluster, made);
            return made;
        }
    }
}
