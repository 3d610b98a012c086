using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Kernel;

namespace Gatehouse.Notifications.Services.Mail;

/// <summary>
/// Queues mails and the jobs that send them, in the transaction of what made them: a mail exists once for a fact, a
/// recipient and a template, however often the fact is told.
/// </summary>
internal sealed class MailQueue(IMailRepository mails, MailOptions options, TimeProvider time)
{
    public const string SendKind = "mail.send";
    public const string NewsKind = "mail.event-news";

    /// <summary>False where that mail is queued, sent or failed already.</summary>
    public async Task<bool> Add(UnitOfWork unit, MailDraft draft)
    {
        var mail = ToMail(draft);
        if (!await mails.Insert(unit, mail))
        {
            return false;
        }

        var id = mail.Id.ToString();
        await JobQueue.Enqueue(unit, new JobRequest(SendKind, id) { Key = id }, time.Now());
        return true;
    }

    /// <summary>Mails to everyone who has booked, made a batch at a time by a job.</summary>
    public Task Add(UnitOfWork unit, EventNews news) => JobQueue.Enqueue(
        unit, new JobRequest(NewsKind, news.ToJson()) { Key = news.FactId.ToString() }, time.Now());

    /// <summary>Sends it again; without a key, since the job that was keyed may be waiting still or done.</summary>
    public Task SendNow(UnitOfWork unit, Guid id) =>
        JobQueue.Enqueue(unit, new JobRequest(SendKind, id.ToString()), time.Now());

    public string MessageId(Guid id, string suffix = "") => $"{id}{suffix}@{options.Sender.Host}";

    public QueuedMail ToMail(MailDraft draft)
    {
        var now = time.Now();
        var id = Ids.New(now);
        return new QueuedMail
        {
            Id = id,
            Key = draft.Key,
            UserId = draft.UserId,
            Address = draft.Address,
            Template = draft.Local.Template.Name,
            Language = draft.Local.Language,
            Subject = MailRenderer.Subject(draft.Local, draft.Model),
            Model = draft.Model.ToJson(),
            CreatedAt = now,
            MessageId = MessageId(id),
        };
    }
}
