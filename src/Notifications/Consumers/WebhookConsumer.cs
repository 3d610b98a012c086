using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Notifications.Services.Webhooks;

namespace Gatehouse.Notifications.Consumers;

/// <summary>Writes down for each webhook that wants an integration event what is to be sent.</summary>
internal sealed class WebhookConsumer(WebhookDispatch dispatch) : IEventConsumer
{
    public string Name => "notifications.webhooks";

    public string Module => NotificationsModule.DatabaseName;

    public IReadOnlyList<string> Types { get; } = [.. WebhookCatalog.Types];

    public int TogetherMax => 500;

    public Task Consume(UnitOfWork unit, ReceivedEvent received, CancellationToken cancellation) =>
        ConsumeTogether(unit, [received], cancellation);

    public Task ConsumeTogether(
        UnitOfWork unit, IReadOnlyList<ReceivedEvent> received, CancellationToken cancellation) =>
        dispatch.Send(unit, received);
}
