using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Foundation.Messaging;

/// <summary>
/// Takes events in for a consumer, each with its effect exactly once: the row that says so is written in the
/// transaction of the effect, and its key refuses a second. Any number of instances may receive the same events.
/// </summary>
internal sealed partial class Inbox(
    IEnumerable<MigratedDatabase> databases, TimeProvider time, ILogger<Inbox> log)
{
    /// <summary>Wakes those who try again.</summary>
    public const string Topic = "inbox";

    // Who delivers waits, with events of other consumers behind: past it, what is left is taken in and tried later.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, Database> databases = databases.ToDictionary(
        d => d.Database.Name, d => d.Database, StringComparer.Ordinal);

    /// <summary>
    /// When it returns, each event is durable on this side: its effect is written, or it waits for another attempt.
    /// Throws only when the database does not answer or it was cancelled; then deliver all of them again.
    /// </summary>
    public async Task Receive(
        IEventConsumer consumer, IReadOnlyList<ReceivedEvent> events, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        var database = databases[consumer.Module];
        var distinct = events.DistinctBy(e => e.Id).ToList();
        MessagingMetrics.Duplicates(consumer.Name, events.Count - distinct.Count);
        foreach (var some in distinct.Chunk(consumer.TogetherMax))
        {
            await Settle(database, consumer, some, started, cancellation);
        }
    }

    /// <summary>
    /// Makes a dead letter of what can be no event of the consumer; nothing when it has the event already. Throws like
    /// <see cref="Receive"/>.
    /// </summary>
    public async Task Bury(
        IEventConsumer consumer, ReceivedEvent buried, string reason, CancellationToken cancellation)
    {
        await using var unit = await databases[consumer.Module].Begin(cancellation);
        var now = time.Now();
        var error = StorableText.Of(reason, StorableText.ErrorMax);
        var added = await InboxTable.Bury(unit, consumer.Name, buried, Ids.New(now), error, now);
        await unit.Commit();
        if (added == 1)
        {
            MessagingMetrics.Dead(consumer.Name);
            LogBuried(consumer.Name, buried.Id);
        }
    }

    // One that fails is found by halves: the others cost a few transactions more, not one each.
    private async Task Settle(
        Database database,
        IEventConsumer consumer,
        ReceivedEvent[] events,
        long started,
        CancellationToken cancellation)
    {
        if (time.GetElapsedTime(started) >= Patience)
        {
            await Park(database, consumer, events, cancellation);
            return;
        }

        var thrown = await TryTogether(database, consumer, events, cancellation);
        if (thrown is not null && DatabaseFaults.IsDeadlock(thrown))
        {
            // Nothing is wrong with any of them, and the other batch has gone on.
            thrown = await TryTogether(database, consumer, events, cancellation);
        }

        if (thrown is null)
        {
            return;
        }

        if (events.Length == 1)
        {
            await KeepFailed(database, consumer, events[0], thrown, cancellation);
            return;
        }

        var half = events.Length / 2;
        await Settle(database, consumer, events[..half], started, cancellation);
        await Settle(database, consumer, events[half..], started, cancellation);
    }

    /// <summary>
    /// All in one transaction, which is what makes many events cheap; answers what a consumer threw, and then nothing
    /// was done.
    /// </summary>
    private async Task<Exception?> TryTogether(
        Database database, IEventConsumer consumer, ReceivedEvent[] events, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var added = await InboxTable.Note(unit, consumer.Name, events, time.Now());
        try
        {
            var fresh = events.Where(received => added.Contains(received.Id)).ToList();
            if (fresh.Count > 0)
            {
                await ConsumerCall.Run(consumer, unit, fresh, time, cancellation);
            }

            await unit.Commit();
        }
        catch (Exception failure) when (
            failure is not OutcomeUnknownException && !cancellation.IsCancellationRequested)
        {
            if (events.Length > 1)
            {
                LogHalved(consumer.Name, events.Length, failure.GetType().Name);
            }

            return failure;
        }

        MessagingMetrics.Consumed(consumer.Name, added.Count);
        MessagingMetrics.Duplicates(consumer.Name, events.Length - added.Count);
        return null;
    }

    private async Task KeepFailed(
        Database database,
        IEventConsumer consumer,
        ReceivedEvent failed,
        Exception failure,
        CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var now = time.Now();
        var nextAt = now + RetryDelays.After(1)!.Value;
        await InboxTable.Keep(unit, consumer.Name, [failed], 1, nextAt, StorableText.Of(failure), now);
        await unit.Commit();
        MessagingMetrics.Failed(consumer.Name);
        LogFailed(consumer.Name, failed.Type, failed.Id, failure.GetType().Name);
    }

    private async Task Park(
        Database database, IEventConsumer consumer, ReceivedEvent[] events, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var now = time.Now();
        await InboxTable.Keep(unit, consumer.Name, events, 0, now, error: null, now);
        await unit.Announce(Topic);
        await unit.Commit();
        LogParked(consumer.Name, events.Length);
    }

    [LoggerMessage(6101, LogLevel.Warning, "{Consumer} failed on {Type} {EventId} ({Reason}); it will be tried again")]
    private partial void LogFailed(string consumer, string type, Guid eventId, string reason);

    [LoggerMessage(6106, LogLevel.Information, "{Consumer} failed on {Count} events together ({Reason}); by halves")]
    private partial void LogHalved(string consumer, int count, string reason);

    [LoggerMessage(6102, LogLevel.Warning, "{Consumer} is slow; {Count} events were taken in to be handled later")]
    private partial void LogParked(string consumer, int count);

    [LoggerMessage(6103, LogLevel.Error, "What came to {Consumer} is no event of it; it is dead letter {EventId}")]
    private partial void LogBuried(string consumer, Guid eventId);
}
