using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Gatehouse.Foundation.Telemetry;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Foundation.Resilience;

/// <summary>
/// Everything outside that this process calls, by name: <c>redis</c>, <c>broker</c>, <c>smtp</c>,
/// <c>database.ticketing</c>, <c>webhook:example.org:443</c>.
/// </summary>
public sealed class Dependencies
{
    private readonly ConcurrentDictionary<string, Dependency> all = new(StringComparer.Ordinal);
    private readonly ResilienceOptions options;
    private readonly TimeProvider time;
    private readonly ILogger<Dependencies> log;
    private readonly Lock evicting = new();
    private int ofMany;

    public Dependencies(ResilienceOptions options, TimeProvider time, ILogger<Dependencies> log)
    {
        this.options = options;
        this.time = time;
        this.log = log;
        GatehouseMeter.Meter.CreateObservableGauge(
            "gatehouse.dependency.state", Observe, "{state}", "0 closed, 1 half open, 2 open; of many, the open ones.");
    }

    /// <summary>How each is doing, by name.</summary>
    public IReadOnlyList<DependencyState> States =>
        [.. all.Values.Select(dependency => dependency.State).OrderBy(state => state.Name, StringComparer.Ordinal)];

    /// <summary>
    /// The dependency of that name. The policy counts when it is asked for the first time. Those of which there are
    /// many are forgotten when unused: get them anew for each piece of work.
    /// </summary>
    public Dependency Get(string name, DependencyPolicy? policy = null)
    {
        if (all.TryGetValue(name, out var known))
        {
            return known;
        }

        var made = new Dependency(name, policy ?? DependencyPolicy.Default, options, time, log);
        known = all.GetOrAdd(name, made);
        if (known == made && made.IsOneOfMany && Interlocked.Increment(ref ofMany) > options.HostsMax)
        {
            Evict();
        }

        return known;
    }

    /// <summary>
    /// Those whose breaker is not closed, by name; of many only how many, since their names are somebody's. Null when
    /// there are none.
    /// </summary>
    public IReadOnlyDictionary<string, string>? NotClosed()
    {
        var open = all.Values.Where(dependency => dependency.IsOpen).ToLookup(dependency => dependency.IsOneOfMany);
        if (open.Count == 0)
        {
            return null;
        }

        var named = open[false].Select(dependency => (dependency.Name, dependency.State.Phase.ToText()));
        var counted = open[true].GroupBy(dependency => dependency.Kind)
            .Select(kind => (kind.Key, $"{kind.Count()} open"));
        return named.Concat(counted).ToDictionary();
    }

    /// <summary>The one of that name where there is one.</summary>
    public Dependency? Find(string name) => all.GetValueOrDefault(name);

    // The longest unused go first; whose breaker is open goes last, since being forgotten would close it.
    private void Evict()
    {
        lock (evicting)
        {
            var tooMany = Volatile.Read(ref ofMany) - (options.HostsMax * 7 / 8);
            var idle = all.Values.Where(dependency => dependency is { IsOneOfMany: true, IsIdle: true })
                .OrderBy(dependency => dependency.IsOpen).ThenByDescending(dependency => dependency.Unused)
                .Take(tooMany);
            foreach (var dependency in idle.ToList())
            {
                if (all.TryRemove(dependency.Name, out _))
                {
                    Interlocked.Decrement(ref ofMany);
                }
            }
        }
    }

    private IEnumerable<Measurement<int>> Observe()
    {
        var openByKind = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var dependency in all.Values)
        {
            var phase = dependency.State.Phase;
            if (!dependency.IsOneOfMany)
            {
                yield return Measure(dependency.Name, (int)phase);
                continue;
            }

            openByKind[dependency.Kind] = openByKind.GetValueOrDefault(dependency.Kind) + (int)phase / 2;
        }

        foreach (var (kind, open) in openByKind)
        {
            yield return Measure(kind, open);
        }
    }

    private static Measurement<int> Measure(string name, int value) =>
        new(value, new KeyValuePair<string, object?>("dependency", name));
}
