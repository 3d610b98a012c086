using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gatehouse.Foundation.Http;

/// <summary>
/// How the components are. Anybody may ask and nobody is limited, so the components are asked once a second at most:
/// who asks meanwhile waits for the same report or gets the last one.
/// </summary>
internal sealed class HealthReports(HealthCheckService checks, TimeProvider time)
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(1);

    // Each check has a shorter bound of its own; this is for one that does not heed it.
    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private Task<HealthReport>? latest;
    private Task<HealthReport>? asked;
    private long endedAt;

    public Task<HealthReport> Latest(CancellationToken cancellation)
    {
        lock (gate)
        {
            if (latest is null or { IsCompleted: true, IsCompletedSuccessfully: false } ||
                (latest.IsCompleted && time.GetElapsedTime(endedAt) >= Kept))
            {
                latest = Task.Run(Ask, CancellationToken.None);
            }

            return latest.WaitAsync(cancellation);
        }
    }

    // Of no request: whoever asked first may hang up while others wait.
    private async Task<HealthReport> Ask()
    {
        var startedAt = time.GetTimestamp();
        try
        {
            // One that heeds no bound is waited for again, not asked beside: it may hold a connection.
            if (asked is null or { IsCompleted: true })
            {
                asked = checks.CheckHealthAsync(CancellationToken.None);
            }

            return await asked.WaitAsync(TimeMax, time);
        }
        catch (TimeoutException)
        {
            return new HealthReport(
                new Dictionary<string, HealthReportEntry>(), HealthStatus.Unhealthy, time.GetElapsedTime(startedAt));
        }
        finally
        {
            Volatile.Write(ref endedAt, time.GetTimestamp());
        }
    }
}
