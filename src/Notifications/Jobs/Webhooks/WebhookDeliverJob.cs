using Gatehouse.Foundation.Jobs;
using Gatehouse.Notifications.Services.Webhooks;

namespace Gatehouse.Notifications.Jobs.Webhooks;

/// <summary>Sends one delivery. When it is tried again is the courier's to say; a fault here is ours.</summary>
internal sealed class WebhookDeliverJob(WebhookCourier courier, WebhooksOptions options) : IJob
{
    private const int FaultsMax = 100;

    public string Kind => WebhookDispatch.JobKind;

    public string Module => NotificationsModule.DatabaseName;

    public JobPolicy Policy { get; } = new()
    {
        Delays =
        [
            .. JobPolicy.UsualDelays,
            .. Enumerable.Repeat(JobPolicy.UsualDelays[^1], FaultsMax - JobPolicy.UsualDelays.Count),
        ],
        ConcurrencyMax = options.Concurrency,
        // Of a worker that died: soon. Of one that was merely slow: sent twice under one id does no harm.
        Lease = TimeSpan.FromSeconds(3 * options.TimeoutSeconds),
        Timeout = TimeSpan.FromMinutes(1),
    };

    public Task Run(JobRun run, CancellationToken cancellation) => courier.Deliver(run, cancellation);
}
