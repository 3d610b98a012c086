using System.Net.Mail;

namespace Gatehouse.Notifications.Services.Mail;

/// <summary>Takes mails from here: by SMTP, or as files.</summary>
internal interface IMailTransport
{
    /// <summary>Where mails go, in an operator's words.</summary>
    string Way { get; }

    /// <summary>
    /// Returns when it is taken. Throws <see cref="MailRefusedException"/> where the recipient was refused for good,
    /// and anything else where trying again may help.
    /// </summary>
    /// <param name="name">Stable for a mail: the name of its file.</param>
    Task Send(MailMessage message, string name, CancellationToken cancellation);
}

/// <summary>The recipient was refused, and would be again.</summary>
internal sealed class MailRefusedException(string reason, Exception inner) : Exception(reason, inner);
