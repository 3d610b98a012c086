using Gatehouse.Contracts.Identity;
using Gatehouse.Contracts.Notifications;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Notifications.Services;
using Gatehouse.Notifications.Services.Mail;

namespace Gatehouse.Notifications.Consumers;

/// <summary>
/// Makes mails of what happened. What a mail needs and is not known yet comes by another way and may come later: then
/// this throws, and is asked again.
/// </summary>
internal sealed class MailConsumer(IReadModelRepository readModel, MailComposer composer, MailQueue queue)
    : IEventConsumer
{
    public string Name => "notifications.mail";

    public string Module => NotificationsModule.DatabaseName;

    public IReadOnlyList<string> Types { get; } =
    [
        "user.registered", "user.verification_requested", "user.password_reset_requested", "user.new_sign_in",
        "booking.confirmed", "booking.cancelled", "booking.expired", "webhook.disabled",
    ];

    public async Task Consume(UnitOfWork unit, ReceivedEvent received, CancellationToken cancellation)
    {
        var identity = IdentityJson.Default;
        var draft = received.Type switch
        {
            "user.registered" => composer.Welcome(received.Read(identity.UserRegisteredEvent)),
            "user.verification_requested" => composer.Verify(received.Read(identity.VerificationRequestedEvent)),
            "user.password_reset_requested" => composer.Reset(received.Read(identity.PasswordResetRequestedEvent)),
            "user.new_sign_in" => composer.SignIn(received.Read(identity.NewSignInEvent)),
            "booking.confirmed" => await Confirmed(unit, received),
            "booking.cancelled" or "booking.expired" => await Released(unit, received),
            "webhook.disabled" => await Disabled(unit, received),
            _ => null,
        };
        if (draft is not null)
        {
            await queue.Add(unit, draft);
        }
    }

    private async Task<MailDraft> Confirmed(UnitOfWork unit, ReceivedEvent received)
    {
        var fact = received.Read(TicketingJson.Default.BookingConfirmedEvent);
        // The event first: it stays as it is until this is committed, so that whoever is told of its change later
        // is told with this booking known.
        var @event = await Event(unit, fact.EventId);
        await readModel.Keep(unit, fact.ToKnown());
        return composer.Confirmed(fact, await Recipient(unit, fact.UserId), @event);
    }

    private async Task<MailDraft> Released(UnitOfWork unit, ReceivedEvent received)
    {
        var fact = received.Read(TicketingJson.Default.BookingReleasedEvent);
        var @event = await Event(unit, fact.EventId);
        await readModel.Keep(unit, fact.ToKnown());
        var hasOther = await readModel.HasBooked(unit, fact.EventId, fact.UserId);
        return composer.Released(fact, await Recipient(unit, fact.UserId), @event, wasLast: !hasOther);
    }

    private async Task<MailDraft> Disabled(UnitOfWork unit, ReceivedEvent received)
    {
        var fact = received.Read(NotificationsJson.Default.WebhookDisabledEvent);
        return composer.WebhookDisabled(fact, await Recipient(unit, fact.UserId));
    }

    private async Task<KnownEvent> Event(UnitOfWork unit, Guid id) =>
        await readModel.FindEvent(unit, id) ?? throw new NotYetKnownException($"event {id}");

    private async Task<Recipient> Recipient(UnitOfWork unit, Guid id) =>
        await readModel.FindRecipient(unit, id) ?? throw new NotYetKnownException($"user {id}");
}

/// <summary>What a mail needs was not heard of yet.</summary>
internal sealed class NotYetKnownException(string what) : Exception($"Nothing is known of {what} yet.");
