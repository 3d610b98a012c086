using Gatehouse.Contracts;
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
        "user.security_notice",
        "booking.confirmed", "booking.cancelled", "booking.expired", "webhook.disabled",
        "payment.failed", "payment.refund_due", "payment.refunded",
    ];

    public int TogetherMax => 500;

    public Task Consume(UnitOfWork unit, ReceivedEvent received, CancellationToken cancellation) =>
        ConsumeTogether(unit, [received], cancellation);

    public async Task ConsumeTogether(
        UnitOfWork unit, IReadOnlyList<ReceivedEvent> received, CancellationToken cancellation)
    {
        var facts = received.Select(Read).OfType<IntegrationEvent>().ToList();
        var confirmed = facts.OfType<BookingConfirmedEvent>().ToList();
        var released = facts.OfType<BookingReleasedEvent>().ToList();
        var payments = facts.OfType<PaymentChangedEvent>().ToList();
        // The events first: they stay as they are until this is committed, so that whoever is told of their change
        // later is told with these bookings known.
        var events = await readModel.FindEvents(
            unit,
            [
                .. confirmed.Select(fact => fact.EventId).Concat(released.Select(fact => fact.EventId))
                    .Concat(payments.Select(fact => fact.EventId)).Distinct(),
            ]);
        await readModel.Keep(
            unit, [.. confirmed.Select(fact => fact.ToKnown()), .. released.Select(fact => fact.ToKnown())]);
        foreach (var guest in MailRecipients.GuestsOf(confirmed))
        {
            await readModel.Keep(unit, guest);
        }

        var recipients = await readModel.FindRecipients(
            unit,
            [
                .. confirmed.Select(fact => fact.UserId).Concat(released.Select(fact => fact.UserId))
                    .Concat(payments.Select(fact => fact.UserId))
                    .Concat(facts.OfType<WebhookDisabledEvent>().Select(fact => fact.UserId)).Distinct(),
            ]);
        var drafts = new List<MailDraft>(facts.Count);
        foreach (var fact in facts)
        {
            drafts.Add(await Draft(unit, fact, recipients, events));
        }

        await queue.Add(unit, drafts);
    }

    private async Task<MailDraft> Draft(
        UnitOfWork unit,
        IntegrationEvent fact,
        IReadOnlyDictionary<Guid, Recipient> recipients,
        IReadOnlyDictionary<Guid, KnownEvent> events)
    {
        return fact switch
        {
            UserRegisteredEvent registered => composer.Welcome(registered),
            VerificationRequestedEvent requested => composer.Verify(requested),
            PasswordResetRequestedEvent requested => composer.Reset(requested),
            NewSignInEvent signIn => composer.SignIn(signIn),
            SecurityNoticeEvent notice => composer.Notice(notice),
            BookingConfirmedEvent one => composer.Confirmed(
                one, Buyer(one.UserId, one.Email, one.Name), Known(events, one.EventId, "event")),
            BookingReleasedEvent { Reason: BookingReleasedEvent.EventCancelled } one => composer.EventCancelled(
                one, Buyer(one.UserId, one.Email, one.Name), KnownAsCancelled(events, one.EventId)),
            BookingReleasedEvent one => composer.Released(
                one,
                Buyer(one.UserId, one.Email, one.Name),
                Known(events, one.EventId, "event"),
                wasLast: one.Status == KnownEvent.Cancelled &&
                    !await readModel.HasBooked(unit, one.EventId, one.UserId)),
            PaymentChangedEvent one => composer.Paid(
                one, Buyer(one.UserId, one.Email, one.Name), Known(events, one.EventId, "event")),
            WebhookDisabledEvent one => composer.WebhookDisabled(one, Known(recipients, one.UserId, "user")),
            _ => throw new InvalidOperationException($"There is no mail of {fact.Type}."),
        };

        Recipient Buyer(Guid user, string? email, string? name) =>
            MailRecipients.Find(recipients, user, email, name, fact.OccurredAt)
                ?? throw new NotYetKnownException($"user {user}");
    }

    private static IntegrationEvent? Read(ReceivedEvent received)
    {
        var (identity, ticketing) = (IdentityJson.Default, TicketingJson.Default);
        return received.Type switch
        {
            "user.registered" => received.Read(identity.UserRegisteredEvent),
            "user.verification_requested" => received.Read(identity.VerificationRequestedEvent),
            "user.password_reset_requested" => received.Read(identity.PasswordResetRequestedEvent),
            "user.new_sign_in" => received.Read(identity.NewSignInEvent),
            "user.security_notice" => received.Read(identity.SecurityNoticeEvent),
            "booking.confirmed" => received.Read(ticketing.BookingConfirmedEvent),
            "booking.cancelled" or "booking.expired" => received.Read(ticketing.BookingReleasedEvent),
            "payment.failed" or "payment.refund_due" or "payment.refunded" =>
                received.Read(ticketing.PaymentChangedEvent),
            "webhook.disabled" => received.Read(NotificationsJson.Default.WebhookDisabledEvent),
            _ => null,
        };
    }

    // Its calendar entry is to have the version that was cancelled.
    private static KnownEvent KnownAsCancelled(IReadOnlyDictionary<Guid, KnownEvent> events, Guid id) =>
        Known(events, id, "event") is { Status: not KnownEvent.Published } known
            ? known
            : throw new NotYetKnownException($"the end of event {id}");

    private static T Known<T>(IReadOnlyDictionary<Guid, T> known, Guid id, string what)
        where T : class => known.GetValueOrDefault(id) ?? throw new NotYetKnownException($"{what} {id}");
}

/// <summary>What a mail needs was not heard of yet.</summary>
internal sealed class NotYetKnownException(string what) : Exception($"Nothing is known of {what} yet.");
