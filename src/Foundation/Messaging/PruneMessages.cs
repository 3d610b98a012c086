using System.Globalization;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Kernel;

namespace Gatehouse.Foundation.Messaging;

/// <summary>
/// Deletes what was sent and what was handled long ago, little by little, so that no lock is held for long. What waits
/// and what is dead stays.
/// </summary>
internal sealed class PruneMessages(Database database, MessagingOptions options, TimeProvider time) : ISchedule
{
    internal const int BatchMax = 1_000;

    public string Name => $"{database.Name}.prune-messages";

    public string Module => database.Name;

    public string Cron => "0 10 * * * ?";

    public async Task<string> Run(CancellationToken cancellation)
    {
        var now = time.Now();
        var sent = await Prune(Sql.Outbox, now.AddDays(-options.KeepSentDays), "", cancellation);
        var handled = 0L;
        for (var consumer = await ConsumerAfter("", cancellation);
            consumer is not null;
            consumer = await ConsumerAfter(consumer, cancellation))
        {
            handled += await Prune(Sql.Inbox, now.AddDays(-options.KeepHandledDays), consumer, cancellation);
        }

        return string.Create(
            CultureInfo.InvariantCulture, $"{sent} sent and {handled} handled integration events deleted");
    }

    private async Task<long> Prune(
        string sql, DateTimeOffset before, string consumer, CancellationToken cancellation)
    {
        var young = Ids.New(before);
        var total = 0L;
        while (true)
        {
            await using var unit = await database.BeginForgettable(cancellation);
            var deleted = await unit.Execute(sql, new { before, young, consumer, limit = BatchMax });
            await unit.Commit();
            total += deleted;
            if (deleted < BatchMax)
            {
                return total;
            }
        }
    }

    private async Task<string?> ConsumerAfter(string consumer, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        return await session.QueryFirst<string?>(Sql.ConsumerAfter, new { consumer });
    }

    private static class Sql
    {
        // By id, which tells when the event was made: what was sent or handled before then was made before then, and
        // the key finds it without an index that each insert would pay for.
        public const string Outbox =
            """
            DELETE FROM outbox
            WHERE id IN (
                SELECT id
                FROM outbox
                WHERE id < @young AND sent_at < @before
                ORDER BY id
                LIMIT @limit)
            """;

        public const string Inbox =
            """
            DELETE FROM inbox
            WHERE consumer = @consumer AND event_id IN (
                SELECT event_id
                FROM inbox
                WHERE consumer = @consumer AND event_id < @young AND state = 'done' AND handled_at < @before
                ORDER BY event_id
                LIMIT @limit)
            """;

        public const string ConsumerAfter =
            """
            SELECT MIN(consumer)
            FROM inbox
            WHERE consumer > @consumer
            """;
    }
}
