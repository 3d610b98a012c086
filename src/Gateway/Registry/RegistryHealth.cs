using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gatehouse.Gateway.Registry;

/// <summary>Down while registrations cannot be read; the gateway serves on, with the servers it knows.</summary>
internal sealed class RegistryHealth(MemberSet members) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var facts = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["members"] = (long)members.Current.Count,
        };
        if (!members.IsLost)
        {
            return Task.FromResult(HealthCheckResult.Healthy(data: facts));
        }

        facts["lostSeconds"] = (long)members.LostFor.TotalSeconds;
        return Task.FromResult(HealthCheckResult.Degraded(data: facts));
    }
}
