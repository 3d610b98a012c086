using System.Globalization;
using Gatehouse.Contracts.Identity;
using Gatehouse.Contracts.Notifications;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Documents;

namespace Gatehouse.Notifications.Services.Mail;

/// <summary>Makes mails of facts: which template, for whom, filled with what.</summary>
internal sealed class MailComposer(MailTemplates templates, MailOptions options)
{
    // Pages of the accounts; the token follows as ?token=.
    private const string VerifyPath = "verify-email";
    private const string ResetPath = "reset-password";

    /// <summary>The page of a guest's booking; its secret follows behind #, where no server sees it.</summary>
    private const string BookingPath = "booking";

    public MailDraft Welcome(UserRegisteredEvent fact) => Draft(
        MailKinds.Personal, "welcome", fact.Id, fact.UserId, fact.Email, fact.Name, fact.Language,
        _ => MailModel.Of());

    public MailDraft Verify(VerificationRequestedEvent fact) => Draft(
        MailKinds.Security, "verify-email", fact.Id, fact.UserId, fact.Email, fact.Name, fact.Language,
        culture => Secret(VerifyPath, fact.Id, fact.SealedToken, fact.ExpiresAt, culture));

    public MailDraft Reset(PasswordResetRequestedEvent fact) => Draft(
        MailKinds.Security, "reset-password", fact.Id, fact.UserId, fact.Email, fact.Name, fact.Language,
        culture => Secret(ResetPath, fact.Id, fact.SealedToken, fact.ExpiresAt, culture));

    public MailDraft SignIn(NewSignInEvent fact) => Draft(
        MailKinds.Security, "new-sign-in", fact.Id, fact.UserId, fact.Email, fact.Name, fact.Language,
        culture => MailModel.Of(
            ("when", MailTimes.Point(fact.OccurredAt, "UTC", culture)),
            ("device", fact.Device),
            ("address", fact.Address)));

    // What strangers can do to an address as often as they like is held back like any other mail.
    public MailDraft Notice(SecurityNoticeEvent fact) => Draft(
        fact.Notice == SecurityNotice.RegistrationAttempted ? MailKinds.Personal : MailKinds.Security,
        TemplateOf(fact.Notice),
        fact.Id,
        fact.UserId,
        fact.Email,
        fact.Name,
        fact.Language,
        culture => MailModel.Of(
            ("when", MailTimes.Point(fact.OccurredAt, "UTC", culture)),
            ("device", fact.Device),
            ("address", fact.Address)));

    public static string TemplateOf(SecurityNotice notice) => notice switch
    {
        SecurityNotice.PasswordChanged => "password-changed",
        SecurityNotice.PasswordReset => "password-reset",
        SecurityNotice.EmailChangeRequested => "email-change-requested",
        SecurityNotice.EmailChanged => "email-changed",
        SecurityNotice.RefreshTokenReused => "refresh-token-reused",
        SecurityNotice.SecondFactorEnabled => "second-factor-enabled",
        SecurityNotice.SecondFactorDisabled => "second-factor-disabled",
        SecurityNotice.RecoveryCodeUsed => "recovery-code-used",
        SecurityNotice.RegistrationAttempted => "registration-attempted",
        SecurityNotice.RecoveryCodesRenewed => "recovery-codes-renewed",
        _ => throw new ArgumentOutOfRangeException(nameof(notice), notice, "There is no mail for it."),
    };

    public MailDraft Confirmed(BookingConfirmedEvent fact, Recipient recipient, KnownEvent @event) => Draft(
        MailKinds.Personal, "booking-confirmed", fact.Id, recipient,
        culture =>
        {
            var sheet = TicketSheets.Of(fact, @event, When(@event, culture));
            return Places(@event, fact.Quantity, culture, ("code", fact.Code)) with
            {
                Lists = new Dictionary<string, IReadOnlyList<string>> { ["tickets"] = sheet.Lines() },
                Secret = BookingLink(fact),
                Calendar = Entry(@event, fact.OccurredAt, isCancelled: false),
                Tickets = sheet,
            };
        });

    /// <param name="wasLast">The buyer has no other booking of the event, so it leaves their calendar.</param>
    public MailDraft Released(BookingReleasedEvent fact, Recipient recipient, KnownEvent @event, bool wasLast) => Draft(
        MailKinds.Personal,
        fact.Status == "expired" ? "booking-expired" : "booking-cancelled",
        fact.Id,
        recipient,
        culture => Places(@event, fact.Quantity, culture) with
        {
            Calendar = wasLast && fact.Status == KnownEvent.Cancelled
                ? Entry(@event, fact.OccurredAt, isCancelled: true)
                : null,
        });

    /// <summary>That a booking ended because its event will not take place.</summary>
    public MailDraft EventCancelled(BookingReleasedEvent fact, Recipient recipient, KnownEvent @event) => Draft(
        MailKinds.Bulk, "event-cancelled", fact.Id, recipient,
        culture => Places(@event, fact.Quantity, culture) with
        {
            Calendar = Entry(@event, fact.OccurredAt, isCancelled: true),
        });

    /// <summary>Of money that did not come, is to go back, or went back.</summary>
    public MailDraft Paid(PaymentChangedEvent fact, Recipient recipient, KnownEvent @event) => Draft(
        MailKinds.Personal,
        $"payment-{fact.Change.Replace('_', '-')}",
        fact.Id,
        recipient,
        culture => MailModel.Of(
            ("event", @event.Name),
            ("when", When(@event, culture)),
            ("code", fact.Code),
            ("amount", MailMoney.Text(fact.Amount, fact.Currency, culture))));

    public MailDraft Changed(EventNews news, Recipient recipient) => Draft(
        MailKinds.Bulk, "event-changed", news.FactId, recipient,
        culture => MailModel.Of(
            ("event", news.After.Name),
            ("when", When(news.After, culture)),
            ("whenBefore", news.HasMovedInTime ? When(news.Before, culture) : null),
            ("venue", news.After.Venue),
            ("venueBefore", news.HasMovedPlace ? news.Before.Venue : null)) with
        {
            Calendar = Entry(news.After, news.OccurredAt, isCancelled: false),
        });

    public MailDraft WebhookDisabled(WebhookDisabledEvent fact, Recipient recipient) => Draft(
        MailKinds.Personal, "webhook-disabled", fact.Id, recipient,
        culture => MailModel.Of(
            ("url", fact.Url),
            ("since", MailTimes.Point(fact.FailingSince, "UTC", culture)),
            ("reason", fact.Reason)));

    public MailDraft Test(Guid id, string address, string way, DateTimeOffset now) => Draft(
        MailKinds.Personal, "test", id, null, address, null, options.Language,
        culture => MailModel.Of(("when", MailTimes.Point(now, "UTC", culture)), ("way", way)));

    private MailDraft Draft(
        string kind, string template, Guid factId, Recipient recipient, Func<CultureInfo, MailModel> model) => Draft(
        kind, template, factId, recipient.UserId, recipient.Email, recipient.Name, recipient.Language, model);

    private MailDraft Draft(
        string kind,
        string template,
        Guid factId,
        Guid? userId,
        string address,
        string? name,
        string? language,
        Func<CultureInfo, MailModel> model)
    {
        var local = templates.Find(template, language ?? options.Language);
        var made = model(local.Culture);
        var values = new Dictionary<string, string>(made.Values)
        {
            ["site"] = options.Site,
            ["siteUrl"] = options.PublicUrl,
        };
        if (MailText.Greeting(name) is { } greeting)
        {
            values["name"] = greeting;
        }

        return new MailDraft(
            $"{factId}/{userId?.ToString() ?? address}/{template}", userId, address, local,
            made with { Values = values }, kind);
    }

    private static SecretLink? BookingLink(BookingConfirmedEvent fact) => fact.SealedSecret is { } secret
        ? new SecretLink($"{BookingPath}/{fact.BookingId}", BookingConfirmedEvent.Purpose(fact.Id), secret)
        {
            IsFragment = true,
        }
        : null;

    private static MailModel Secret(
        string path, Guid factId, string sealedToken, DateTimeOffset expiresAt, CultureInfo culture) =>
        MailModel.Of(("until", MailTimes.Point(expiresAt, "UTC", culture))) with
        {
            Secret = new SecretLink(path, AccountTokens.Purpose(factId), sealedToken),
            NotAfter = expiresAt,
        };

    private static MailModel Places(
        KnownEvent @event, int quantity, CultureInfo culture, params (string, string?)[] more) => MailModel.Of(
        [
            ("event", @event.Name),
            ("when", When(@event, culture)),
            ("venue", @event.Venue),
            ("quantity", quantity.ToString(culture)),
            .. more,
        ]);

    private static string When(KnownEvent @event, CultureInfo culture) =>
        MailTimes.Range(@event.StartAt, @event.EndAt, @event.TimeZone, culture);

    // One entry for an event, however many bookings somebody has and mails they get.
    private static CalendarEntry Entry(KnownEvent @event, DateTimeOffset at, bool isCancelled) => new(
        CalendarEntry.UidOf(@event.EventId),
        @event.Version,
        at,
        @event.StartAt,
        @event.EndAt,
        MailText.Clean(@event.Name),
        @event.Venue is null ? null : MailText.Clean(@event.Venue),
        isCancelled);
}
