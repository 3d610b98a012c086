using System.Net;
using System.Net.Mail;
using Gatehouse.Foundation.Configuration;

namespace Gatehouse.Notifications;

/// <summary>E-mail.</summary>
[Section("Mail")]
internal sealed class MailOptions : IValidatedOptions
{
    [Setting("Whom mails come from, with the name that is shown: `Name <address>`. The name is what mails call this " +
             "site.")]
    public string From { get; set; } = "Gatehouse <no-reply@localhost>";

    [Setting("Where answers go; to the sender unless set.")]
    public string? ReplyTo { get; set; }

    [Setting("Where people reach this site: what links in mails begin with.")]
    public string PublicUrl { get; set; } = "http://localhost:8080";

    [Setting("Language of mails to those who have not said theirs, such as `en`; English where a mail is not " +
             "translated.")]
    public string Language { get; set; } = "en";

    [Setting("The SMTP server that takes mails. Without one nothing is sent: mails become files in `Pickup`.")]
    public string? SmtpHost { get; set; }

    [Setting("Port of the SMTP server. TLS begins by STARTTLS; port 465, where it begins at once, is not supported.",
        Min = 1, Max = 65_535)]
    public int SmtpPort { get; set; } = 587;

    [Setting("User at the SMTP server; none unless set.")]
    public string? SmtpUser { get; set; }

    [Setting("Password at the SMTP server.", Secret = true)]
    public string? SmtpPassword { get; set; }

    [Setting("Demand STARTTLS; `false` only for a server on this machine.")]
    public bool StartTls { get; set; } = true;

    [Setting("Seconds the SMTP server may take for one mail.", Min = 1, Max = 300)]
    public int TimeoutSeconds { get; set; } = 30;

    [Setting("Mails that one process sends at once: so many of accounts and as many of bookings, so that a new " +
             "password waits for no ticket.", Min = 1, Max = 16)]
    public int AtOnce { get; set; } = 3;

    [Setting("The same of mails to everyone who has booked an event.", Min = 1, Max = 16)]
    public int BulkAtOnce { get; set; } = 2;

    [Setting("Mails that one address gets within an hour of its bookings and webhooks, and as many of events that " +
             "changed. What is more is not sent and listed as suppressed. Mails of accounts are not counted.",
        Min = 1, Max = 10_000)]
    public int AddressHourMax { get; set; } = 30;

    [Setting("Folder for `.eml` files where there is no SMTP server; `mail` in the folder of `Database:Path` unless " +
             "set.")]
    public string? Pickup { get; set; }

    [Setting("Days that sent and failed mails are kept in the list, and files in the pickup folder.",
        Min = 1, Max = 3650)]
    public int KeepDays { get; set; } = 90;

    [Setting("Days that what a mail was filled with is kept, ticket codes among it; so long it can be sent again. " +
             "With 0 it goes as soon as the mail is sent or given up.", Min = 0, Max = 3650)]
    public int ContentDays { get; set; } = 7;

    [Setting("Minutes after which a mail that is not sent makes the component `mail` of `/health` down.",
        Min = 1, Max = 10_080)]
    public int LateMinutes { get; set; } = 15;

    /// <summary>The sender; its name is the site's.</summary>
    public MailAddress Sender => new(From);

    /// <summary>What mails call this site.</summary>
    public string Site => Sender.DisplayName.Length > 0 ? Sender.DisplayName : Sender.Host;

    public IEnumerable<(string Property, string Reason)> Validate(RuntimeEnvironment environment)
    {
        if (!IsAddress(From))
        {
            yield return (nameof(From), "must be an address such as Gatehouse <no-reply@example.org>");
        }
        else if (environment == RuntimeEnvironment.Production && SmtpHost is not null && Sender.Host == "localhost")
        {
            yield return (nameof(From), "must be an address of yours when SmtpHost is set");
        }

        if (ReplyTo is not null && !IsAddress(ReplyTo))
        {
            yield return (nameof(ReplyTo), "must be an address such as help@example.org");
        }

        if (!Uri.TryCreate(PublicUrl, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") ||
            url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            yield return (nameof(PublicUrl), "must be an http or https address such as https://tickets.example.org");
        }
        else if (environment == RuntimeEnvironment.Production && SmtpHost is not null && url.IsLoopback)
        {
            yield return (nameof(PublicUrl), "must be where people reach this site when SmtpHost is set");
        }

        if (SmtpHost is not null && (string.IsNullOrWhiteSpace(SmtpHost) || SmtpHost.Any(char.IsWhiteSpace)))
        {
            yield return (nameof(SmtpHost), "must be a host name or an address");
        }

        if (SmtpUser is null != SmtpPassword is null)
        {
            yield return (nameof(SmtpPassword), "must be set together with SmtpUser");
        }

        if (!StartTls && SmtpPassword is not null && SmtpHost is not null && !IsThisMachine(SmtpHost))
        {
            yield return (nameof(StartTls), "must be true where SmtpPassword goes to another machine");
        }

        if (SmtpPort == 465)
        {
            yield return (nameof(SmtpPort), "465 is not supported: use 587, where TLS begins by STARTTLS");
        }
    }

    private static bool IsThisMachine(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ||
        (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static bool IsAddress(string text) =>
        !text.Any(char.IsControl) && MailAddress.TryCreate(text, out var address) &&
        address.Address.All(char.IsAscii);
}
