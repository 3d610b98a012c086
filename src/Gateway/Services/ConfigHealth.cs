using Gatehouse.Kernel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gatehouse.Gateway.Services;

/// <summary>Down while the file on disk is refused; the gateway serves on, with what was in force before.</summary>
internal sealed class ConfigHealth(ConfigService config, TimeProvider time) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var state = config.State;
        var facts = new Dictionary<string, object>(StringComparer.Ordinal) { ["revision"] = state.Revision };
        if (state.Refusal is not { } refusal)
        {
            return Task.FromResult(HealthCheckResult.Healthy(data: facts));
        }

        facts["faults"] = (long)refusal.Report.Faults.Count;
        facts["refusedSeconds"] = (long)(time.Now() - refusal.At).TotalSeconds;
        return Task.FromResult(HealthCheckResult.Degraded(data: facts));
    }
}
