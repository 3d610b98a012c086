using Gatehouse.Kernel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gatehouse.Gateway.Tls;

/// <summary>Down while a certificate cannot be read or is not valid, or none is there; the others serve on.</summary>
internal sealed class CertificateHealth(ServerCertificates certificates, TimeProvider time) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var now = time.Now();
        var all = certificates.All;
        var wrong = all.Count(one => one.Fault is not null || one.Served?.IsValid(now) == false);
        var facts = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["certificates"] = (long)all.Count,
            ["unusable"] = (long)wrong,
        };
        if (all.Where(one => one.Served is not null).Select(one => one.Served!.To).Order().ToList() is [var first, ..])
        {
            facts["daysToExpiry"] = (long)Math.Floor((first - now).TotalDays);
        }

        return Task.FromResult(wrong == 0 && all.Count > 0
            ? HealthCheckResult.Healthy(data: facts)
            : HealthCheckResult.Degraded(data: facts));
    }
}
