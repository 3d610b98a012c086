using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Gatehouse.Foundation.Telemetry;
using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Destinations;

/// <summary>The members of every cluster, by its id.</summary>
internal sealed class Memberships : IDisposable
{
    // Of so many destinations a gauge is given: more would be more than who reads them can keep.
    private const int MeasuredMax = 1_000;

    private readonly ConcurrentDictionary<string, ClusterMembers> clusters = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private readonly TimeProvider time;
    private readonly Prober prober;

    public Memberships(AskHealth ask, TimeProvider time, DestinationEvents events)
    {
        (this.time, Events, prober) = (time, events, new Prober(ask, time));
        var meter = GatehouseMeter.Meter;
        meter.CreateObservableGauge("gatehouse.gateway.destination.up",
            () => Measure(one => one.Why is null ? 1 : 0), "{destination}", "1 while it takes requests.");
        meter.CreateObservableGauge("gatehouse.gateway.breaker.state",
            () => Measure(one => (int?)one.Breaker), "{state}", "0 closed, 1 half open, 2 open.");
        meter.CreateObservableGauge("gatehouse.gateway.bulkhead.waiting",
            () => Measure(one => one.Waiting), "{request}", "Requests that wait for a place.");
    }

    public DestinationEvents Events { get; }

    /// <summary>In the order of their ids; those that the file names no more have nobody to describe.</summary>
    public IEnumerable<ClusterMembers> All => clusters.Values.OrderBy(one => one.Id, StringComparer.Ordinal);

    /// <summary>A new generation of a cluster.</summary>
    public Membership Take(Cluster cluster)
    {
        lock (gate)
        {
            return Of(cluster.Id).Take(cluster);
        }
    }

    public ClusterMembers? Find(string cluster) => clusters.GetValueOrDefault(cluster);

    /// <summary>
    /// Who has registered for a cluster, in place of those before; whether the file names it or not. Destinations that
    /// stay keep what is known of them. Where one has an id of the file's, the file's counts.
    /// </summary>
    public void Register(string cluster, IReadOnlyList<Destination> destinations)
    {
        lock (gate)
        {
            Of(cluster).Register(destinations);
        }
    }

    /// <summary>The clusters that the file names now. Of others those that nobody uses are forgotten.</summary>
    public void Keep(IReadOnlySet<string> named)
    {
        lock (gate)
        {
            foreach (var gone in clusters.Values.Where(one => !named.Contains(one.Id)))
            {
                gone.Leave();
                if (!gone.IsUsed && clusters.TryRemove(gone.Id, out _))
                {
                    gone.Dispose();
                }
            }
        }
    }

    public void Dispose()
    {
        foreach (var one in clusters.Values)
        {
            one.Dispose();
        }
    }

    private ClusterMembers Of(string cluster) =>
        clusters.GetOrAdd(cluster, static (id, all) => new ClusterMembers(id, all.time, all.Events, all.prober), this);

    private IEnumerable<Measurement<int>> Measure(Func<DestinationReport, int?> value)
    {
        foreach (var one in All.SelectMany(members => members.Describe()).Take(MeasuredMax))
        {
            if (value(one) is { } measured)
            {
                yield return new Measurement<int>(
                    measured,
                    new KeyValuePair<string, object?>("cluster", one.Cluster),
                    new KeyValuePair<string, object?>("destination", one.Id));
            }
        }
    }
}
