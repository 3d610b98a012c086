using Gatehouse.Contracts.Identity;
using Gatehouse.Contracts.Notifications;
using Gatehouse.Contracts.Ticketing;

namespace Gatehouse.Notifications.Services.Mail;

/// <summary>Facts that did not happen, for previews: each mail as the composer makes it of them.</summary>
internal sealed class MailSamples(MailComposer composer, MailOptions options)
{
    private static readonly DateTimeOffset Now = new(2030, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Id = new("01900000-0000-7000-8000-000000000001");

    private static readonly KnownEvent Concert = new()
    {
        EventId = Id,
        OrganizerId = Id,
        Name = "An evening of chamber music",
        Slug = "an-evening-of-chamber-music",
        Venue = "Old Hall, 1 Market Square",
        StartAt = Now.AddDays(30).AddHours(6),
        EndAt = Now.AddDays(30).AddHours(9),
        TimeZone = "Europe/Berlin",
        Status = KnownEvent.Published,
        Version = 2,
    };

    /// <summary>Null where no sample is known.</summary>
    public MailDraft? Of(string template, string? language)
    {
        const string email = "someone@example.org";
        const string name = "Someone Example";
        var expires = Now.AddHours(1);
        var person = new Recipient
        {
            UserId = Id,
            Email = email,
            Name = name,
            Language = language,
            KnownAt = Now,
        };
        var draft = template switch
        {
            "welcome" => composer.Welcome(new UserRegisteredEvent(Id, Now, Id, email, name, language)),
            "verify-email" => composer.Verify(
                new VerificationRequestedEvent(Id, Now, Id, email, name, language, "", expires)),
            "reset-password" => composer.Reset(
                new PasswordResetRequestedEvent(Id, Now, Id, email, name, language, "", expires)),
            "new-sign-in" => composer.SignIn(
                new NewSignInEvent(Id, Now, Id, email, name, language, "Firefox on Linux", "192.0.2.7")),
            "booking-confirmed" => composer.Confirmed(
                new BookingConfirmedEvent(
                    Id, Now, Id, Id, Id, 2, 0, "EUR", "K7Q2M9XW4T",
                    ["SAMPLETICKETCODE0000000001", "SAMPLETICKETCODE0000000002"],
                    SealedSecret: ""),
                person,
                Concert),
            "booking-cancelled" => composer.Released(Released("cancelled"), person, Concert, wasLast: true),
            "booking-expired" => composer.Released(Released("expired"), person, Concert, wasLast: true),
            "event-changed" => composer.Changed(
                new EventNews(
                    Id, Now, Concert with { StartAt = Concert.StartAt.AddHours(-1), Venue = "Town Hall" }, Concert),
                person),
            "event-cancelled" => composer.EventCancelled(Released("cancelled"), person, Concert),
            "payment-failed" or "payment-refund-due" or "payment-refunded" =>
                composer.Paid(Paid(template["payment-".Length..].Replace('-', '_')), person, Concert),
            "webhook-disabled" => composer.WebhookDisabled(
                new WebhookDisabledEvent(
                    Id, Now, Id, Id, "https://example.org/hooks/gatehouse", "failing", Now.AddDays(-5)),
                person),
            "test" => composer.Test(Id, email, "files in data/mail", Now),
            _ => Enum.GetValues<SecurityNotice>().Where(one => MailComposer.TemplateOf(one) == template)
                .Select(one => composer.Notice(new SecurityNoticeEvent(
                    Id, Now, Id, email, name, language, one, "Firefox on Linux", "192.0.2.7")))
                .FirstOrDefault(),
        };
        // What a sealed token becomes in a mail.
        return draft is { Model.Secret: { } secret }
            ? draft with
            {
                Model = draft.Model with
                {
                    Values = new Dictionary<string, string>(draft.Model.Values)
                    {
                        ["link"] = secret.To(options.PublicUrl, "sample"),
                    },
                },
            }
            : draft;
    }

    private static PaymentChangedEvent Paid(string change) =>
        new(Id, Now, Id, Id, Id, Id, change, "manual", 4_550, "EUR", "K7Q2M9XW4T", null, null);

    private static BookingReleasedEvent Released(string status) => new(Id, Now, Id, Id, Id, 2, status);
}
