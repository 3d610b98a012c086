using Gatehouse.Foundation.Configuration;

namespace Gatehouse.Foundation.Resilience;

/// <summary>How calls to what may fail are cut short, where a dependency has no rule of its own.</summary>
[Section("Resilience")]
public sealed class ResilienceOptions
{
    [Setting("Failures in a row that open a dependency's breaker.", Min = 1, Max = 1000)]
    public int FailuresToOpen { get; set; } = 5;

    [Setting("Seconds a breaker stays open before one call may try.", Min = 1, Max = 3600)]
    public int OpenSeconds { get; set; } = 30;

    [Setting("Retries at most, in percent of a dependency's calls.", Min = 0, Max = 100)]
    public int RetryPercent { get; set; } = 10;

    [Setting("Dependencies remembered that are one of many, such as hosts of webhooks.", Min = 16, Max = 100_000)]
    public int HostsMax { get; set; } = 4096;
}
