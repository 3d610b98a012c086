using System.Net.Mail;
using System.Net.Mime;
using System.Text;

namespace Gatehouse.Notifications.Services.Mail;

/// <summary>
/// Makes MIME messages: the text, then the HTML part, then tickets and the calendar file. What is ASCII goes as it is;
/// the rest in
/// base64, since the framework's quoted-printable encodes line breaks too.
/// </summary>
internal static class MailMessages
{
    // RFC 5322, without CR LF.
    private const int LineCharactersMax = 998;

    public static MailMessage Build(
        MailOptions options,
        QueuedMail mail,
        RenderedMail rendered,
        string? name,
        string? calendar,
        string method,
        byte[]? tickets = null)
    {
        var message = new MailMessage
        {
            From = options.Sender,
            Subject = rendered.Subject,
            SubjectEncoding = Encoding.UTF8,
            HeadersEncoding = Encoding.UTF8,
        };
        message.To.Add(new MailAddress(mail.Address, name, Encoding.UTF8));
        if (options.ReplyTo is not null)
        {
            message.ReplyToList.Add(new MailAddress(options.ReplyTo));
        }

        message.Headers["Message-ID"] = $"<{mail.MessageId}>";
        // RFC 3834, and what Exchange listens to: no answers of machines to a machine.
        message.Headers["Auto-Submitted"] = "auto-generated";
        message.Headers["X-Auto-Response-Suppress"] = "All";
        message.AlternateViews.Add(Part(rendered.Text, MediaTypeNames.Text.Plain));
        message.AlternateViews.Add(Part(rendered.Html, MediaTypeNames.Text.Html));
        if (tickets is not null)
        {
            message.Attachments.Add(new Attachment(
                new MemoryStream(tickets), "tickets.pdf", MediaTypeNames.Application.Pdf));
        }

        if (calendar is not null)
        {
            message.Attachments.Add(Calendar(calendar, method));
        }

        return message;
    }

    private static AlternateView Part(string text, string mediaType)
    {
        var part = AlternateView.CreateAlternateViewFromString(text, Encoding.UTF8, mediaType);
        part.TransferEncoding = Encodes(text) ? TransferEncoding.Base64 : TransferEncoding.SevenBit;
        return part;
    }

    private static Attachment Calendar(string calendar, string method)
    {
        var type = new ContentType("text/calendar") { CharSet = "utf-8", Name = "event.ics" };
        type.Parameters["method"] = method;
        var attachment = new Attachment(new MemoryStream(Encoding.UTF8.GetBytes(calendar)), type)
        {
            TransferEncoding = Encodes(calendar) ? TransferEncoding.Base64 : TransferEncoding.SevenBit,
        };
        attachment.ContentDisposition!.FileName = "event.ics";
        return attachment;
    }

    private static bool Encodes(string text) =>
        !text.All(char.IsAscii) || text.Split("\r\n").Any(line => line.Length > LineCharactersMax);
}
