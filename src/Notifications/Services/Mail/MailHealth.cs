using Gatehouse.Kernel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gatehouse.Notifications.Services.Mail;

/// <summary>
/// How long the oldest mail waits. Late mail makes the component down and never the instance: it serves all the same,
/// and another one would send no better.
/// </summary>
internal sealed class MailHealth(IMailLogRepository mails, MailOptions options, TimeProvider time) : IHealthCheck
{
    public const string Name = "mail";

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var (count, oldest) = await mails.Unsent(cancellationToken);
            var age = oldest is { } since ? time.Now() - since : TimeSpan.Zero;
            var facts = new Dictionary<string, object>
            {
                ["unsent"] = count,
                ["oldestUnsentSeconds"] = (long)Math.Max(0, age.TotalSeconds),
            };
            return age > TimeSpan.FromMinutes(options.LateMinutes)
                ? HealthCheckResult.Degraded($"The oldest unsent mail waits for {age}.", data: facts)
                : HealthCheckResult.Healthy(data: facts);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Its database has a component of its own.
            return HealthCheckResult.Degraded(exception: exception);
        }
    }
}
