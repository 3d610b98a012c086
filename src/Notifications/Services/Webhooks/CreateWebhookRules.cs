using Gatehouse.Contracts;
using Gatehouse.Contracts.Notifications;
using Gatehouse.Kernel;
using Gatehouse.Notifications.Domain.Webhooks;

namespace Gatehouse.Notifications.Services.Webhooks;

internal sealed class CreateWebhookRules(WebhookRules rules) : IRequestRules<CreateWebhook>
{
    public void Check(CreateWebhook request, Faults faults) => rules.Check(request.ToDetails(), faults);
}
