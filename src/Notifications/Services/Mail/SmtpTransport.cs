using System.Net;
using System.Net.Mail;
using Gatehouse.Foundation.Resilience;

namespace Gatehouse.Notifications.Services.Mail;

/// <summary>
/// Hands mails to an SMTP server, a connection each. The framework's client has no time limit when it is asynchronous,
/// and at the end of a mail it does not heed its token either: so it is left behind when its time is over.
/// </summary>
internal sealed class SmtpTransport(MailOptions options, Dependencies dependencies) : IMailTransport
{
    public const string DependencyName = "smtp";

    public string Way => $"{options.SmtpHost}:{options.SmtpPort}";

    private TimeSpan Patience => TimeSpan.FromSeconds(options.TimeoutSeconds);

    // The job tries again; a refused recipient says nothing against the server.
    private Dependency Server => dependencies.Get(DependencyName, new DependencyPolicy
    {
        AttemptTimeout = Patience + TimeSpan.FromSeconds(5),
        AttemptsMax = 1,
        // What all kinds of mail may send at once: none takes a place from another.
        ConcurrencyMax = (2 * options.AtOnce) + options.BulkAtOnce,
        QueueMax = options.AtOnce,
        IsFailure = exception => exception is not (MailRefusedException or FormatException)
            && !SmtpFaults.IsOfOneMail(exception),
    });

    public async Task Send(MailMessage message, string name, CancellationToken cancellation) =>
        await Server.Run(async token => await Converse(message, token), cancellation);

    /// <summary>
    /// Names and subjects are encoded for every server; only an address in other letters needs SMTPUTF8.
    /// </summary>
    public static SmtpDeliveryFormat Format(MailMessage message) =>
        message.To.Concat(message.ReplyToList).All(address => address.User.All(char.IsAscii))
            ? SmtpDeliveryFormat.SevenBit
            : SmtpDeliveryFormat.International;

    private async Task<bool> Converse(MailMessage message, CancellationToken cancellation)
    {
        using var client = new SmtpClient(options.SmtpHost, options.SmtpPort)
        {
            EnableSsl = options.StartTls,
            DeliveryFormat = Format(message),
            UseDefaultCredentials = false,
            Credentials = options.SmtpUser is null
                ? null
                : new NetworkCredential(options.SmtpUser, options.SmtpPassword),
        };
        // Looking up a name is not asynchronous in it.
        var sending = Task.Run(() => client.SendMailAsync(message, cancellation), cancellation);
        try
        {
            await sending.WaitAsync(Patience, cancellation);
            return true;
        }
        catch (SmtpException fault) when (SmtpFaults.IsRefusal(fault))
        {
            throw new MailRefusedException(SmtpFaults.Describe(fault), fault);
        }
        catch when (!sending.IsCompleted)
        {
            // Its connection ends with the client; what it says after that interests nobody.
            _ = sending.ContinueWith(
                static left => left.Exception,
                CancellationToken.None,
                TaskContinuationOptions.None,
                TaskScheduler.Default);
            throw;
        }
    }
}
