using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Destinations;

/// <summary>Asks a destination how it is; null: well, else what went wrong.</summary>
internal delegate Task<string?> AskHealth(
    ProbePlan plan, DestinationState destination, CancellationToken cancellation);

/// <summary>Sees that each destination is probed as its cluster wants it, and no longer than it is wanted.</summary>
#pragma warning disable CA1001 // A semaphore whose wait handle nobody asks for holds nothing to let go.
internal sealed class Prober(AskHealth ask, TimeProvider time)
#pragma warning restore CA1001
{
    // At once, of all clusters: one that hangs takes one of these places, and no other's time.
    private const int AtOnceMax = 1_000;

    private readonly SemaphoreSlim places = new(AtOnceMax, AtOnceMax);

    /// <summary>Under the lock of the cluster. A loop that asks the same goes on.</summary>
    public void Follow(ClusterMembers members, Cluster? cluster, DestinationState destination, string? path)
    {
        var health = destination.Health;
        var plan = cluster?.ActiveHealth is { } rule
            ? new ProbePlan(rule, path ?? rule.Path, cluster.Http2, cluster.ConnectTimeout)
            : null;
        if (health.Loop?.Plan == plan)
        {
            return;
        }

        health.Loop?.Stop();
        health.Loop = null;
        if (plan is null)
        {
            health.ForgetProbes();
            return;
        }

        // The plan and not the cluster: loops outlive generations.
        health.Loop = new ProbeLoop(plan, cancellation => ask(plan, destination, cancellation), places, time);
        health.Loop.Start((loop, report) => members.Probed(destination, loop, report, plan.Rule));
    }
}

/// <summary>What a loop asks; when another is wanted, another loop is.</summary>
internal sealed record ProbePlan(ActiveHealth Rule, string Path, bool Http2, TimeSpan ConnectTimeout);
