using System.Globalization;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Notifications.Services;
using Gatehouse.Notifications.Services.Mail;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Notifications.Jobs.Mail;

/// <summary>
/// Queues a mail to each who has booked an event, a bounded batch a transaction. Begun again after a crash, it makes
/// only those that are not there yet.
/// </summary>
internal sealed class EventNewsJob(
    [FromKeyedServices(NotificationsModule.DatabaseName)] Database database,
    IReadModelRepository readModel,
    MailComposer composer,
    MailQueue queue) : IJob
{
    public const int BatchMax = 200;

    public string Kind => MailQueue.NewsKind;

    public string Module => NotificationsModule.DatabaseName;

    public JobPolicy Policy { get; } = new() { ConcurrencyMax = 1, Timeout = TimeSpan.FromMinutes(30) };

    public async Task Run(JobRun run, CancellationToken cancellation)
    {
        var news = EventNews.FromJson(run.Payload);
        var after = (Guid?)Guid.Empty;
        var made = 0;
        while (after is { } from)
        {
            (after, var some) = await Batch(run, news, from, made, cancellation);
            made += some;
            if (after is not null)
            {
                await run.Report(0, Mails(made), cancellation);
            }
        }
    }

    // Answers who was last, null where nobody is left, and how many mails are new.
    private async Task<(Guid? Last, int Made)> Batch(
        JobRun run, EventNews news, Guid after, int before, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var batch = await readModel.FindBookers(unit, news.After.EventId, news.OccurredAt, after, BatchMax);
        var made = await queue.Add(unit, [.. batch.Select(recipient => composer.Changed(news, recipient))]);
        var isLast = batch.Count < BatchMax;
        if (isLast)
        {
            await run.Complete(unit, Mails(before + made));
        }

        await unit.Commit();
        return (isLast ? null : batch[^1].UserId, made);
    }

    private static string Mails(int made) => string.Create(CultureInfo.InvariantCulture, $"{made} mails");
}
