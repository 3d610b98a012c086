using System.Globalization;
using System.Net.Mail;
using System.Text.RegularExpressions;

namespace Gatehouse.Notifications.Services.Mail;

/// <summary>What an SMTP server's answer means for the mail, and for the next attempt.</summary>
internal static partial class SmtpFaults
{
    private const int DescriptionCharactersMax = 500;

    /// <summary>
    /// The recipient is refused for good: a 5xx to RCPT, or an enhanced code (RFC 3463) of an address (5.1) or a
    /// mailbox (5.2). Not 5.7, security and policy: a password that was changed or a relay that is closed would cost
    /// every mail, and an operator can mend it. Nor 5.1.7 and 5.1.8, which are about the sender.
    /// </summary>
    public static bool IsRefusal(SmtpException fault)
    {
        if ((int)fault.StatusCode is < 500 or > 599)
        {
            return false;
        }

        return EnhancedCode().Match(fault.Message) is { Success: true } code
            ? (code.Groups["subject"].Value, code.Groups["detail"].Value) switch
            {
                ("1", "7" or "8") => false,
                ("1" or "2", _) => true,
                ("7", _) => false,
                _ => fault is SmtpFailedRecipientException,
            }
            : fault is SmtpFailedRecipientException;
    }

    /// <summary>A 4xx about this recipient, such as greylisting: the server is well.</summary>
    public static bool IsOfOneMail(Exception exception) => exception is SmtpFailedRecipientException;

    /// <summary>What the server or the system said, for an operator; it may name addresses.</summary>
    public static string Describe(Exception exception)
    {
        var said = new List<string>();
        for (var fault = exception; fault is not null; fault = fault.InnerException)
        {
            var code = fault is SmtpException smtp && smtp.StatusCode != SmtpStatusCode.GeneralFailure
                ? ((int)smtp.StatusCode).ToString(CultureInfo.InvariantCulture) + " "
                : "";
            said.Add(code + fault.Message.TrimEnd('.', ' '));
        }

        return MailText.Clean(string.Join(": ", said.Distinct()), DescriptionCharactersMax);
    }

    [GeneratedRegex(@"\b5\.(?<subject>\d{1,3})\.(?<detail>\d{1,3})\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EnhancedCode();
}
