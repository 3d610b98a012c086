using Gatehouse.Contracts.Notifications;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;

namespace Gatehouse.Notifications.Services.Webhooks;

/// <summary>The log of deliveries, for those who look.</summary>
internal interface IWebhookLogRepository
{
    /// <summary>Newest first.</summary>
    Task<Page<WebhookDeliveryView>> List(Guid webhookId, PageRequest page, CancellationToken cancellation);

    /// <summary>With its body.</summary>
    Task<WebhookDeliveryView?> Find(Guid webhookId, Guid id, CancellationToken cancellation);

    /// <summary>The same within a transaction.</summary>
    Task<WebhookDeliveryView?> Find(UnitOfWork unit, Guid webhookId, Guid id);

    /// <summary>Deletes some of those that are older, or of no webhook any more; answers how many.</summary>
    Task<int> Prune(DateTimeOffset olderThan, int limit, CancellationToken cancellation);
}
