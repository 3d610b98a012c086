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
    public const string NewsKind = "mail.event-news";

    private static readonly TimeSpan Lately = TimeSpan.FromHours(1);

    /// <summary>
    /// The kind of job that sends mails of a kind: each has workers of its own, so that nobody waits for a new password
    /// behind ten thousand tickets.
    /// </summary>
    public static string SendKind(string mailKind) =>
        mailKind == MailKinds.Personal ? "mail.send" : $"mail.send-{mailKind}";

    /// <summary>Answers how many were not there yet.</summary>
    public async Task<int> Add(UnitOfWork unit, IReadOnlyList<MailDraft> drafts)
    {
        if (drafts.Count == 0)
        {
            return 0;
        }

        var now = time.Now();
        var made = drafts.Select(ToMail).ToList();
        var added = await mails.Insert(unit, made, (now - Lately, options.AddressHourMax));
        var queued = added.Where(mail => mail.State == MailStates.Queued).Select(mail => mail.Id).ToHashSet();
        await JobQueue.Enqueue(
            unit,
            [
                .. made.Where(mail => queued.Contains(mail.Id)).Select(mail =>
                    new JobRequest(SendKind(mail.Kind), mail.Id.ToString()) { Key = mail.Id.ToString() }),
            ],
            now);
        return added.Count;
    }

    /// <summary>Mails to everyone who has booked, made a batch at a time by a job.</summary>
    public Task Add(UnitOfWork unit, EventNews news) => JobQueue.Enqueue(
        unit, new JobRequest(NewsKind, news.ToJson()) { Key = news.FactId.ToString() }, time.Now());

    /// <summary>Sends it again; without a key, since the job that was keyed may be waiting still or done.</summary>
    public Task SendNow(UnitOfWork unit, Guid id) =>
        JobQueue.Enqueue(unit, new JobRequest(SendKind(MailKinds.Personal), id.ToString()), time.Now());

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
            Kind = draft.Kind,
            Subject = MailRenderer.Subject(draft.Local, draft.Model),
            Model = draft.Model.ToJson(),
            CreatedAt = now,
            MessageId = MessageId(id),
        };
    }
}
