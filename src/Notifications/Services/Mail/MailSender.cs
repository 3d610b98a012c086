using System.Text;
using Gatehouse.Foundation.Documents;
using Gatehouse.Foundation.Secrets;

namespace Gatehouse.Notifications.Services.Mail;

/// <summary>Writes a mail from its template and hands it over.</summary>
internal sealed class MailSender(
    MailTemplates templates, MailOptions options, IMailTransport transport, SecretBox secrets)
{
    public string Way => transport.Way;

    /// <summary>Throws <see cref="MailUnsendableException"/> where no attempt could ever succeed.</summary>
    public async Task Send(QueuedMail mail, DateTimeOffset now, CancellationToken cancellation)
    {
        var model = MailModel.FromJson(mail.Model);
        if (model.NotAfter <= now)
        {
            throw new MailUnsendableException("It expired before it could be sent.");
        }

        var local = templates.Find(mail.Template, mail.Language);
        var filled = Unsealed(model);
        var rendered = MailRenderer.Render(local, filled) with { Subject = mail.Subject };
        var calendar = model.Calendar is { } entry
            ? CalendarFile.Write(
                entry, local.Template.Calendar?.ToText(model) ?? "", (options.Site, options.Sender.Address))
            : null;
        var tickets = model.Tickets is { Tickets.Count: > 0 } sheet ? sheet.Write() : null;
        using var message = MailMessages.Build(
            options,
            mail,
            rendered,
            model.Values.GetValueOrDefault("name"),
            calendar,
            model.Calendar?.Method ?? "",
            tickets);
        var name = mail.MessageId[..mail.MessageId.IndexOf('@', StringComparison.Ordinal)];
        await transport.Send(message, name, cancellation);
    }

    // Here and nowhere before: nothing that is kept holds a link that works.
    private MailModel Unsealed(MailModel model)
    {
        if (model.Secret is not { } secret)
        {
            return model;
        }

        var token = Encoding.UTF8.GetString(secrets.Open(secret.Purpose, secret.SealedToken));
        return model with
        {
            Values = new Dictionary<string, string>(model.Values) { ["link"] = secret.To(options.PublicUrl, token) },
        };
    }
}

/// <summary>No attempt at this mail could succeed.</summary>
internal sealed class MailUnsendableException(string reason) : Exception(reason);
