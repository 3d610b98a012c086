using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gatehouse.Foundation.Messaging;

/// <summary>
/// How long events of one module wait for the bus. Degraded at worst: while they do, requests are served all the same.
/// </summary>
internal sealed class OutboxHealth(Database database, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(60);

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var age = time.Now() - await OutboxQueue.OldestUnsent(database, cancellationToken) ?? TimeSpan.Zero;
            var facts = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["oldestUnsentSeconds"] = (long)Math.Max(0, age.TotalSeconds),
            };
            return age > Late
                ? HealthCheckResult.Degraded($"The oldest unsent event waits for {age}.", data: facts)
                : HealthCheckResult.Healthy(data: facts);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The database has a component of its own.
            return HealthCheckResult.Degraded(exception: exception);
        }
    }
}
