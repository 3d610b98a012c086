using Gatehouse.Foundation.Data;
using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Forwarding;
using Gatehouse.Gateway.Services;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Gateway.Registry;

/// <summary>
/// Brings registered servers into the clusters that take them in: at once when this gateway was told, soon when another
/// was, and by looking every two seconds whatever was said.
/// </summary>
internal sealed partial class RegistryFollower(
    IMemberStore store,
    MemberSet members,
    ClusterStates clusters,
    Snapshots snapshots,
    GatewayOptions options,
    TimeProvider time,
    ILogger<RegistryFollower> log)
    : BackgroundService
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    // Many who come at once are one change.
    private static readonly TimeSpan Debounce = TimeSpan.FromMilliseconds(75);

    // Past the end of a lease, so that it is over when one looks.
    private static readonly TimeSpan Past = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan PruneEvery = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan PruneAge = TimeSpan.FromMinutes(10);

    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly Dictionary<string, IReadOnlyList<Destination>> applied = new(StringComparer.Ordinal);
    private readonly Lock applying = new();
    private bool isLossTold;
    private long prunedAt = time.GetTimestamp();

    public bool IsAsked => options.File.Length > 0;

    // Members are there before the first request is.
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (IsAsked)
        {
            snapshots.BeforeSwap(Prepare);
            await Look(cancellationToken);
            await base.StartAsync(cancellationToken);
        }
    }

    /// <summary>What the store says is in force in this gateway when it answers; a store that is lost changes nothing.
    /// </summary>
    public async Task Look(CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation);
        try
        {
            var stored = await store.All(cancellation);
            if (members.Loses(stored))
            {
                // Before anybody goes: a store that is read and not written ends every lease. Others may write to it.
                await store.Renew([], cancellation);
            }

            var lostFor = members.LostFor;
            members.Take(stored);
            TellLoss(members.IsLost, "writes fail", lostFor);
            Apply();
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            members.Lose();
            TellLoss(isLost: true, exception.GetType().Name, members.LostFor);
            // The file may be another one.
            Apply();
        }
        finally
        {
            gate.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var (told, swapped) = (store.Changed.Next, snapshots.Changed.Next);
            await Look(stoppingToken);
            await Prune(stoppingToken);
            await Signal.Wait(Task.WhenAny(told, swapped), Pause(), time, stoppingToken);
            if (told.IsCompleted && !swapped.IsCompleted)
            {
                await Task.Delay(Debounce, time, stoppingToken);
            }
        }
    }

    public override void Dispose()
    {
        gate.Dispose();
        base.Dispose();
    }

    private TimeSpan Pause()
    {
        var soonest = members.Current.Where(member => member.IsLive).Select(member => member.Left + Past)
            .DefaultIfEmpty(LookAgain).Min();
        return soonest < Debounce ? Debounce : soonest < LookAgain ? soonest : LookAgain;
    }

    private void TellLoss(bool isLost, string reason, TimeSpan lostFor)
    {
        if (isLost && !isLossTold)
        {
            LogLost(reason, members.Current.Count);
        }
        else if (!isLost && isLossTold)
        {
            LogFound(lostFor.TotalSeconds, members.Current.Count);
        }

        isLossTold = isLost;
    }

    // The first request under a snapshot finds its members; who is over stays for those under the one before.
    private void Prepare(Snapshot next)
    {
        lock (applying)
        {
            foreach (var cluster in next.Clusters.Values.Where(cluster => cluster.Registry is not null))
            {
                Set(cluster.Id, Intake.Of(cluster, next, members.Current));
            }
        }
    }

    private void Apply()
    {
        RegistryMetrics.LostFor(members.LostFor);
        lock (applying)
        {
            ApplyCurrent();
        }
    }

    private void ApplyCurrent()
    {
        var snapshot = snapshots.Current;
        foreach (var gone in applied.Keys.Where(id => !snapshot.Clusters.ContainsKey(id)).ToList())
        {
            Set(gone, []);
            applied.Remove(gone);
        }

        foreach (var cluster in snapshot.Clusters.Values)
        {
            if (cluster.Registry is not null || applied.ContainsKey(cluster.Id))
            {
                Set(cluster.Id, Intake.Of(cluster, snapshot, members.Current));
            }
        }
    }

    private void Set(string cluster, IReadOnlyList<Destination> destinations)
    {
        if (applied.TryGetValue(cluster, out var before) && before.SequenceEqual(destinations))
        {
            return;
        }

        applied[cluster] = destinations;
        clusters.Register(cluster, destinations);
        RegistryMetrics.Has(cluster, destinations.Count);
        LogMembers(cluster, destinations.Count);
    }

    private async Task Prune(CancellationToken cancellation)
    {
        // Those who are kept past their lease need their rows to renew it.
        if (time.GetElapsedTime(prunedAt) < PruneEvery || members.IsLost ||
            members.Current.Any(member => !member.IsLive))
        {
            return;
        }

        prunedAt = time.GetTimestamp();
        try
        {
            await store.Prune(PruneAge, cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            LogNotPruned(exception.GetType().Name);
        }
    }

    [LoggerMessage(11220, LogLevel.Information, "Cluster {Cluster} has {Members} registered servers")]
    private partial void LogMembers(string cluster, int members);

    [LoggerMessage(11221, LogLevel.Error,
        "The registry cannot be read or written ({Reason}); the {Members} servers that are known stay, none is added")]
    private partial void LogLost(string reason, int members);

    [LoggerMessage(11222, LogLevel.Information,
        "The registry is whole again after {Seconds} s; {Members} servers have one more lease to renew theirs")]
    private partial void LogFound(double seconds, int members);

    [LoggerMessage(11223, LogLevel.Warning, "What is long over in the registry could not be deleted ({Reason})")]
    private partial void LogNotPruned(string reason);
}
