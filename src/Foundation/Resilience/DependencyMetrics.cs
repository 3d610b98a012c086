using System.Diagnostics.Metrics;
using Gatehouse.Foundation.Telemetry;

namespace Gatehouse.Foundation.Resilience;

/// <summary>Counts the calls to one dependency, or to all hosts of one kind.</summary>
internal sealed class DependencyMetrics(string dependency)
{
    private static readonly Counter<long> Calls = GatehouseMeter.Meter.CreateCounter<long>(
        "gatehouse.dependency.calls", "{call}", "Calls by outcome, a call with its retries being one.");

    private static readonly Counter<long> Retries = GatehouseMeter.Meter.CreateCounter<long>(
        "gatehouse.dependency.retries", "{retry}", "Attempts after the first.");

    private static readonly KeyValuePair<string, object?>[] Outcomes =
    [
        .. Enum.GetValues<CallOutcome>().Select(outcome => new KeyValuePair<string, object?>(
            "outcome", outcome.ToString().ToLowerInvariant())),
    ];

    private readonly KeyValuePair<string, object?> tag = new("dependency", dependency);

    public void Count(CallOutcome outcome) => Calls.Add(1, tag, Outcomes[(int)outcome]);

    public void CountRetry() => Retries.Add(1, tag);
}

internal enum CallOutcome
{
    Ok,
    Failed,
    Timeout,

    /// <summary>Refused by the breaker.</summary>
    Open,

    /// <summary>Refused by the bulkhead.</summary>
    Busy,
    Cancelled,
}
