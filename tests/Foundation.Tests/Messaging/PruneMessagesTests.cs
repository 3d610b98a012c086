using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Testing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gatehouse.Foundation.Tests.Messaging;

public sealed class PruneMessagesTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [OnEveryDatabase]
    public async Task What_is_old_and_over_goes_and_what_waits_or_is_young_stays(DatabaseProvider provider)
    {
        await using var ledger = await Ledger.Open(provider);
        var scribe = new Scribe
        {
            First = (e, _) => e.Type == "bad" ? throw new IOException("no") : Task.CompletedTask,
        };
        await Send(ledger, PruneMessages.BatchMax + 5);
        await ledger.Execute("UPDATE outbox SET sent_at = NULL WHERE id = (SELECT id FROM outbox ORDER BY id LIMIT 1)");
        await ledger.Inbox().Receive(scribe, [ledger.Event(), ledger.Event(), ledger.Event("bad")], Never);
        await ledger.Inbox().Receive(new Scribe("ledger.other"), [ledger.Event()], Never);
        await ledger.Inbox().Bury(scribe, ledger.Event(), "unreadable", Never);
        var pruning = new PruneMessages(ledger.Database, new MessagingOptions(), ledger.Time);

        ledger.Time.Advance(TimeSpan.FromDays(7) - TimeSpan.FromMinutes(1));
        Assert.Equal("0 sent and 0 handled integration events deleted", await pruning.Run(Never));
        ledger.Time.Advance(TimeSpan.FromDays(7));
        await Send(ledger, 3);
        await ledger.Inbox().Receive(scribe, [ledger.Event()], Never);
        Assert.Equal("1004 sent and 0 handled integration events deleted", await pruning.Run(Never));
        ledger.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("0 sent and 3 handled integration events deleted", await pruning.Run(Never));

        Assert.Equal((4, 1), (await ledger.Count("outbox"), await ledger.Count("outbox WHERE sent_at IS NULL")));
        Assert.Equal((1, 1, 1), (
            await ledger.Count("inbox WHERE state = 'done'"),
            await ledger.Count("inbox WHERE state = 'waiting'"),
            await ledger.Count("inbox WHERE state = 'dead'")));
    }

    [OnEveryDatabase]
    public async Task Health_tells_the_age_of_the_oldest_unsent_and_is_degraded_past_a_minute(DatabaseProvider provider)
    {
        await using var ledger = await Ledger.Open(provider);
        var health = new OutboxHealth(ledger.Database, ledger.Time);

        Assert.Equal((HealthStatus.Healthy, 0L), await Look());
        await Send(ledger, 2);
        await ledger.Execute("UPDATE outbox SET sent_at = NULL");
        ledger.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal((HealthStatus.Healthy, 59L), await Look());
        ledger.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal((HealthStatus.Degraded, 61L), await Look());

        async Task<(HealthStatus, long)> Look()
        {
            var result = await health.CheckHealthAsync(new HealthCheckContext(), Never);
            return (result.Status, (long)result.Data["oldestUnsentSeconds"]);
        }
    }

    /// <summary>Events of the test's time that were sent at once.</summary>
    private static async Task Send(Ledger ledger, int count)
    {
        await using var unit = await ledger.Database.Begin(Never);
        for (var i = 0; i < count; i++)
        {
            var sent = ledger.Event();
            await unit.Execute(
                """
                INSERT INTO outbox (id, type, aggregate_id, payload, occurred_at, sent_at)
                VALUES (@Id, @Type, @AggregateId, @Payload, @OccurredAt, @OccurredAt)
                """,
                sent);
        }

        await unit.Commit();
    }
}
