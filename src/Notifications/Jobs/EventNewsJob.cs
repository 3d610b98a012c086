using System.Globalization;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Notifications.Services;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Notifications.Jobs;

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
        var (after, made) = (Guid.Empty, 0);
        while (true)
        {
            await using var unit = await database.Begin(cancellation);
            var batch = await readModel.FindBookers(unit, news.After.EventId, news.OccurredAt, after, BatchMax);
            foreach (var recipient in batch)
            {
                made += await queue.Add(unit, composer.Changed(news, recipient)) ? 1 : 0;
            }

            if (batch.Count < BatchMax)
            {
                await run.Complete(unit, string.Create(CultureInfo.InvariantCulture, $"{made} mails"));
                await unit.Commit();
                return;
            }

            await unit.Commit();
            after = batch[^1].UserId;
            await run.Report(0, string.Create(CultureInfo.InvariantCulture, $"{made} mails so far"), cancellation);
        }
    }
}
