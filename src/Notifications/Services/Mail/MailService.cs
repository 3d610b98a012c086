using Gatehouse.Contracts.Notifications;
using Gatehouse.Foundation.Audit;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Notifications.Services.Mail;

internal sealed class MailService(
    [FromKeyedServices(NotificationsModule.DatabaseName)] Database database,
    IMailRepository mails,
    IMailLogRepository log,
    MailQueue queue,
    MailComposer composer,
    MailTemplates templates,
    MailSamples samples,
    MailSender sender,
    MailOptions options,
    IAuditLog audit,
    TimeProvider time) : IMails
{
    private const int AddressCharactersMax = 254;

    public MailTemplatesView Templates =>
        new([.. templates.Names.Select(name => new MailTemplateView(name, templates.Languages(name)))]);

    public async Task<Result<Page<MailView>>> List(PageRequest page, string? state, CancellationToken cancellation)
    {
        if (state is not null && !MailStates.All.Contains(state))
        {
            var faults = new Faults();
            faults.Add("state", $"must be one of {string.Join(", ", MailStates.All)}");
            return faults.ToProblem(ProblemCodes.InvalidQuery);
        }

        return await log.List(page, state, cancellation);
    }

    public async Task<Result<MailView>> Resend(Guid id, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        // Another Message-ID: who asks for it again would not have it dropped as a duplicate.
        var suffix = $"-{Ids.New(time.Now()).ToString("N")[..12]}";
        await mails.Requeue(unit, id, queue.MessageId(id, suffix));
        if (await log.Find(unit, id) is not { } mail)
        {
            return Problem.NotFound("mail");
        }

        if (mail.State != MailStates.Queued)
        {
            return new Problem(
                ProblemCodes.WrongState,
                $"What it was filled with is deleted {options.ContentDays} days after it was made.");
        }

        await queue.SendNow(unit, id);
        audit.Write(unit, new AuditFact("mail.resent", $"mail/{id}"));
        await unit.Commit();
        return mail;
    }

    public async Task<Result<string>> Test(string address, CancellationToken cancellation)
    {
        if (address.Length > AddressCharactersMax || address.Any(char.IsControl) ||
            !System.Net.Mail.MailAddress.TryCreate(address, out var parsed) || parsed.Address != address)
        {
            var faults = new Faults();
            faults.Add("to", "must be an e-mail address such as name@example.org");
            return faults.ToProblem();
        }

        var now = time.Now();
        var draft = composer.Test(Ids.New(now), address, sender.Way, now);
        try
        {
            await sender.Send(queue.ToMail(draft), now, cancellation);
            return sender.Way;
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            throw new MailNotSentException(SmtpFaults.Describe(failure), failure);
        }
    }

    public Result<MailPreview> Preview(string template, string? language)
    {
        if (!templates.Has(template) || samples.Of(template, language) is not { } draft)
        {
            return Problem.NotFound("template");
        }

        var mail = MailRenderer.Render(draft.Local, draft.Model);
        return new MailPreview(mail.Subject, mail.Text, mail.Html);
    }
}
