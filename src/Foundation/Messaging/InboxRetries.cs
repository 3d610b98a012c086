using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Foundation.Messaging;

/// <summary>
/// Tries again what one consumer failed on, when it is due. Instances share the work: the row's lock is held while its
/// event is consumed, and a process that dies lets go of it.
/// </summary>
internal sealed partial class InboxRetries(
    IEventConsumer consumer, Database database, TimeProvider time, ILogger<InboxRetries> log)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly Outage outage = new(time);

    /// <summary>Until <paramref name="stopping"/>; the event in hand is finished, unless the deadline comes.</summary>
    public async Task Run(CancellationToken stopping, CancellationToken deadline)
    {
        var signal = database.Signal(Inbox.Topic);
        signal.Hear();
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                var next = signal.Next;
                if (await Pass(stopping, deadline) is { } pause)
                {
                    await Task.Delay(pause, time, stopping);
                }
                else
                {
                    await Signal.Wait(next, LookAgain, time, stopping);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What was in hand stays due.
        }
    }

    /// <summary>All that is due; answers a pause when the database does not answer.</summary>
    private async Task<TimeSpan?> Pass(CancellationToken stopping, CancellationToken deadline)
    {
        try
        {
            while (!stopping.IsCancellationRequested && await TryNext(deadline))
            {
                // There may be more.
            }

            outage.Over();
            return null;
        }
        catch (Exception failure) when (!deadline.IsCancellationRequested)
        {
            if (outage.Failed())
            {
                LogOut(failure, consumer.Name);
            }

            return outage.Pause;
        }
    }

    /// <summary>Tries one event; false when none is due, or others have those that are.</summary>
    private async Task<bool> TryNext(CancellationToken cancellation)
    {
        if (!await IsAnyDue(cancellation))
        {
            return false;
        }

        InboxTable.WaitingEvent? due;
        Exception failure;
        await using (var unit = await database.Begin(cancellation))
        {
            due = await InboxTable.TakeDue(unit, consumer.Name, time.Now());
            if (due is null)
            {
                return false;
            }

            try
            {
                await ConsumerCall.Run(consumer, unit, [due.ToEvent()], time, cancellation);
                await InboxTable.Finish(unit, consumer.Name, due.EventId, time.Now());
                await unit.Commit();
                MessagingMetrics.Consumed(consumer.Name, 1);
                return true;
            }
            catch (Exception thrown) when (
                thrown is not OutcomeUnknownException && !cancellation.IsCancellationRequested)
            {
                failure = thrown;
            }
        }

        await NoteFailure(due, failure, cancellation);
        return true;
    }

    private async Task<bool> IsAnyDue(CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        return await InboxTable.IsAnyDue(session, consumer.Name, time.Now());
    }

    private async Task NoteFailure(InboxTable.WaitingEvent due, Exception failure, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var now = time.Now();
        var error = StorableText.Of(failure);
        if (RetryDelays.After(due.Attempts + 1) is { } delay)
        {
            await InboxTable.PutOff(unit, consumer.Name, due, now + delay, error);
            await unit.Commit();
        }
        else if (await InboxTable.GiveUp(unit, consumer.Name, due, Ids.New(now), error, now) == 1)
        {
            await unit.Commit();
            MessagingMetrics.Dead(consumer.Name);
            LogDead(consumer.Name, due.Type, due.EventId, failure.GetType().Name);
        }

        MessagingMetrics.Failed(consumer.Name);
    }

    [LoggerMessage(6104, LogLevel.Error, "{Consumer} gave up on {Type} {EventId} ({Reason}); it is a dead letter")]
    private partial void LogDead(string consumer, string type, Guid eventId, string reason);

    [LoggerMessage(6105, LogLevel.Warning, "What {Consumer} has to try again cannot be read or written")]
    private partial void LogOut(Exception failure, string consumer);
}
