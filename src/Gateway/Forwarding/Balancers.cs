using Gatehouse.Gateway.Destinations;
using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Forwarding;

internal static class Balancers
{
    public static IBalancer Of(Balancing rule) => rule.Policy switch
    {
        BalancingPolicy.RoundRobin => new RoundRobin(),
        BalancingPolicy.LeastRequests => new LeastRequests(),
        BalancingPolicy.Random => new WeightedRandom(),
        BalancingPolicy.Hash => new Rendezvous(rule.HashHeader, rule.HashParameter),
        BalancingPolicy.Cookie => new StickyCookie(rule.CookieName ?? StickyCookie.DefaultName, new PowerOfTwo()),
        _ => new PowerOfTwo(),
    };

    /// <summary>One of them, each as often as it weighs.</summary>
    public static Target Weighted(ReadOnlySpan<Target> targets, uint number)
    {
        var total = 0u;
        foreach (var target in targets)
        {
            total += (uint)target.Weight;
        }

        var place = number % total;
        foreach (var target in targets)
        {
            if (place < target.Weight)
            {
                return target;
            }

            place -= (uint)target.Weight;
        }

        return targets[^1];
    }
}

/// <summary>In turns; a heavier one has as many turns more.</summary>
internal sealed class RoundRobin : IBalancer
{
    private uint turn;

    public Target Pick(ReadOnlySpan<Target> targets, Exchange exchange) =>
        Balancers.Weighted(targets, Interlocked.Increment(ref turn) - 1);
}

internal sealed class WeightedRandom : IBalancer
{
    public Target Pick(ReadOnlySpan<Target> targets, Exchange exchange) =>
        Balancers.Weighted(targets, (uint)Random.Shared.Next());
}

/// <summary>The one with the fewest under way for its weight; of those that are even, any.</summary>
internal sealed class LeastRequests : IBalancer
{
    public Target Pick(ReadOnlySpan<Target> targets, Exchange exchange)
    {
        // From a place of its own each time: after a start all are even, and the first must not get them all.
        var first = Random.Shared.Next(targets.Length);
        var best = targets[first];
        var load = PowerOfTwo.LoadOf(best);
        for (var i = 1; i < targets.Length; i++)
        {
            var other = targets[(first + i) % targets.Length];
            var otherLoad = PowerOfTwo.LoadOf(other);
            if (otherLoad < load)
            {
                (best, load) = (other, otherLoad);
            }
        }

        return best;
    }
}

/// <summary>The less busy of two drawn at random (Mitzenmacher, 1996).</summary>
internal sealed class PowerOfTwo : IBalancer
{
    public static double LoadOf(Target target) => (target.State.UnderWay + 1.0) / target.Weight;

    public Target Pick(ReadOnlySpan<Target> targets, Exchange exchange)
    {
        if (targets.Length == 1)
        {
            return targets[0];
        }

        var first = Random.Shared.Next(targets.Length);
        var second = Random.Shared.Next(targets.Length - 1);
        second += second >= first ? 1 : 0;
        return LoadOf(targets[second]) < LoadOf(targets[first]) ? targets[second] : targets[first];
    }
}
