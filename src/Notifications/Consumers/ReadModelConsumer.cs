using Gatehouse.Contracts.Identity;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Notifications.Services;
using Gatehouse.Notifications.Services.Mail;

namespace Gatehouse.Notifications.Consumers;

/// <summary>
/// Keeps what mails and webhooks need to know, so that this module asks no other, wherever that one runs. Here alone is
/// seen how an event differs from what was known, so here its bookers' mails begin.
/// </summary>
internal sealed class ReadModelConsumer(IReadModelRepository readModel, MailQueue queue) : IEventConsumer
{
    public string Name => "notifications.read-model";

    public string Module => NotificationsModule.DatabaseName;

    public IReadOnlyList<string> Types { get; } = ["user.registered", "event.*", "booking.*"];

    public async Task Consume(UnitOfWork unit, ReceivedEvent received, CancellationToken cancellation)
    {
        var json = TicketingJson.Default;
        switch (received.Type)
        {
            case "user.registered":
                var registered = received.Read(IdentityJson.Default.UserRegisteredEvent);
                await readModel.Keep(unit, registered.ToKnown());
                break;
            case "event.created" or "event.updated" or "event.deleted":
                await Keep(unit, received, received.Read(json.EventChangedEvent).ToKnown());
                break;
            case "booking.held":
                await readModel.Keep(unit, received.Read(json.BookingHeldEvent).ToKnown());
                break;
            case "booking.confirmed":
                await readModel.Keep(unit, received.Read(json.BookingConfirmedEvent).ToKnown());
                break;
            case "booking.cancelled" or "booking.expired":
                await readModel.Keep(unit, received.Read(json.BookingReleasedEvent).ToKnown());
                break;
            default:
                // A kind that came later says nothing that is kept here.
                break;
        }
    }

    private async Task Keep(UnitOfWork unit, ReceivedEvent received, KnownEvent after)
    {
        if (await readModel.Keep(unit, after) is { } before &&
            EventNews.Of(received.Id, received.OccurredAt, before, after) is { } news)
        {
            await queue.Add(unit, news);
        }
    }
}
