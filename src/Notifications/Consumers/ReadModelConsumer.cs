using Gatehouse.Contracts.Identity;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Notifications.Services;
using Gatehouse.Notifications.Services.Mail;
using Gatehouse.Notifications.Services.Webhooks;

namespace Gatehouse.Notifications.Consumers;

/// <summary>
/// Keeps what mails and webhooks need to know, so that this module asks no other, wherever that one runs. Here alone is
/// seen how an event differs from what was known, so here its bookers' mails begin. Bookings are kept with their mails.
/// </summary>
internal sealed class ReadModelConsumer(IReadModelRepository readModel, WebhookOwners owners, MailQueue queue)
    : IEventConsumer
{
    public string Name => "notifications.read-model";

    public string Module => NotificationsModule.DatabaseName;

    public IReadOnlyList<string> Types { get; } =
    [
        "user.registered", "user.profile_changed", "user.role_changed", "user.disabled", "user.enabled", "event.*",
    ];

    public async Task Consume(UnitOfWork unit, ReceivedEvent received, CancellationToken cancellation)
    {
        var identity = IdentityJson.Default;
        switch (received.Type)
        {
            case "user.registered":
                await readModel.Keep(unit, received.Read(identity.UserRegisteredEvent).ToKnown());
                break;
            case "user.profile_changed":
                await readModel.Keep(unit, received.Read(identity.UserProfileChangedEvent).ToKnown());
                break;
            case "user.role_changed":
                await owners.Keep(unit, received.Read(identity.UserRoleChangedEvent));
                break;
            case "user.disabled":
                var disabled = received.Read(identity.UserDisabledEvent);
                await readModel.KeepState(unit, disabled.UserId, isDisabled: true, disabled.OccurredAt);
                break;
            case "user.enabled":
                var enabled = received.Read(identity.UserEnabledEvent);
                await readModel.KeepState(unit, enabled.UserId, isDisabled: false, enabled.OccurredAt);
                break;
            case "event.created" or "event.updated" or "event.deleted":
                await Keep(unit, received, received.Read(TicketingJson.Default.EventChangedEvent).ToKnown());
                break;
            default:
                // A kind that came later says nothing that is kept here.
                break;
        }
    }

    /// <summary>
    /// People before events and each in the order of their ids, as everyone else locks them; what is about one of them
    /// stays in its order.
    /// </summary>
    public async Task ConsumeTogether(
        UnitOfWork unit, IReadOnlyList<ReceivedEvent> received, CancellationToken cancellation)
    {
        foreach (var one in received
            .OrderBy(one => one.Type.StartsWith("event.", StringComparison.Ordinal))
            .ThenBy(one => one.AggregateId, StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            await Consume(unit, one, cancellation);
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
