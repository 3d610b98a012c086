using System.Globalization;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Kernel;
using Gatehouse.Notifications.Services.Webhooks;

namespace Gatehouse.Notifications.Jobs.Webhooks;

/// <summary>Deletes what is old of the log of deliveries, and what is left of webhooks that are gone.</summary>
internal sealed class WebhookPruneSchedule(
    IWebhookLogRepository deliveries, WebhooksOptions options, TimeProvider time) : ISchedule
{
    private const int BatchMax = 500;

    public string Name => "notifications.prune-webhook-deliveries";

    public string Module => NotificationsModule.DatabaseName;

    public string Cron => "0 17 * * * ?";

    public async Task<string> Run(CancellationToken cancellation)
    {
        var olderThan = time.Now().AddDays(-options.RetentionDays);
        var all = 0;
        int some;
        do
        {
            some = await deliveries.Prune(olderThan, BatchMax, cancellation);
            all += some;
        }
        while (some == BatchMax);

        return string.Create(CultureInfo.InvariantCulture, $"Deleted {all} deliveries.");
    }
}
