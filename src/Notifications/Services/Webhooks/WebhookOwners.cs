using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Audit;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Notifications.Domain.Webhooks;

namespace Gatehouse.Notifications.Services.Webhooks;

/// <summary>What becomes of webhooks when their owner's account changes.</summary>
internal sealed class WebhookOwners(
    IReadModelRepository readModel, IWebhookRepository webhooks, IAuditLog audit, TimeProvider time)
{
    /// <summary>What concerns everyone is for admins: those who are none any more do not get it any more.</summary>
    public async Task Keep(UnitOfWork unit, UserRoleChangedEvent fact)
    {
        var isNews = await readModel.KeepRole(unit, fact.UserId, fact.Role.ToName(), fact.OccurredAt);
        if (!isNews || fact.Role == Role.Admin)
        {
            return;
        }

        foreach (var id in await webhooks.DisableForAll(unit, fact.UserId, Webhook.NotAdmin, time.Now()))
        {
            audit.Write(unit, new AuditFact("webhook.disabled", $"webhook/{id}")
            {
                After = $$"""{"active":false,"reason":"{{Webhook.NotAdmin}}"}""",
            });
        }
    }
}
