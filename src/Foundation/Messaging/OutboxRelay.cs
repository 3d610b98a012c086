using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Foundation.Messaging;

/// <summary>
/// Brings one module's committed events to the bus: take a batch, publish it outside any transaction, mark it sent.
/// What fails, or is not marked for a crash, is published again.
/// </summary>
internal sealed partial class OutboxRelay(
    Database database, OutboxQueue queue, IEventBus bus, TimeProvider time, ILogger<OutboxRelay> log)
{
    // In case a signal was missed, and for leases that run out.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    // Between two batches that were not full, so that under load one batch carries many commits.
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(50);

    // A bus that says nothing for so long is taken for broken.
    private static readonly TimeSpan PublishMax = TimeSpan.FromMinutes(2);

    private readonly Outage outage = new(time);

    /// <summary>Until <paramref name="stopping"/>; the batch in hand is finished, unless the deadline comes.</summary>
    public async Task Run(CancellationToken stopping, CancellationToken deadline)
    {
        var signal = database.Signal(Outbox.Topic);
        signal.Hear();
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                var next = signal.Next;
                if (await Pass(deadline) is { } pause)
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
            // What is not marked sent is published by whoever comes next.
        }
    }

    /// <summary>One batch; answers how soon to come back, null when there was nothing.</summary>
    private async Task<TimeSpan?> Pass(CancellationToken deadline)
    {
        OutboxBatch? batch = null;
        try
        {
            batch = await queue.Take(deadline);
            if (batch is not null)
            {
                await Send(batch, deadline);
            }
            else if (outage.IsOn && await OldestUnsent(deadline) is { } age)
            {
                // Another instance tries, and that nothing is left for this one does not mean that all is well.
                MessagingMetrics.Lag(database.Name, age);
                return null;
            }

            if (outage.Over() is { } lasted)
            {
                LogBack(database.Name, lasted.TotalSeconds);
            }

            MessagingMetrics.Lag(database.Name, TimeSpan.Zero);
            return batch is null ? null : batch.MayBeMore ? TimeSpan.Zero : Linger;
        }
        catch (Exception failure) when (!deadline.IsCancellationRequested)
        {
            if (outage.Failed())
            {
                LogOut(failure, database.Name);
            }

            await LetGo(batch, deadline);
            return outage.Pause;
        }
    }

    private async Task Send(OutboxBatch batch, CancellationToken deadline)
    {
        if (batch.Events.Count == 0)
        {
            await queue.Release(batch, deadline);
            return;
        }

        MessagingMetrics.Lag(database.Name, time.Now() - batch.Events.Min(e => e.OccurredAt));
        await Publish(batch, deadline);
        await queue.MarkSent(batch, deadline);
        MessagingMetrics.Published(database.Name, batch.Events.Count);
    }

    private async Task Publish(OutboxBatch batch, CancellationToken deadline)
    {
        using var late = new CancellationTokenSource(PublishMax, time);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(deadline, late.Token);
        var published = bus.Publish(batch.Events, bound.Token);
        try
        {
            while (!await IsDone(published))
            {
                if (!await queue.Renew(batch, deadline))
                {
                    throw new TimeoutException("Another relay has taken over what took longer than its lease.");
                }
            }
        }
        catch when (!published.IsCompleted)
        {
            await bound.CancelAsync();
            throw;
        }
    }

    /// <summary>Waits a third of the lease; false when it is time to renew it.</summary>
    private async Task<bool> IsDone(Task published)
    {
        try
        {
            await published.WaitAsync(queue.Lease / 3, time);
            return true;
        }
        catch (TimeoutException) when (!published.IsCompleted)
        {
            return false;
        }
    }

    private async Task<TimeSpan?> OldestUnsent(CancellationToken deadline) =>
        time.Now() - await OutboxQueue.OldestUnsent(database, deadline);

    private async Task LetGo(OutboxBatch? batch, CancellationToken deadline)
    {
        try
        {
            if (batch is not null)
            {
                await queue.Release(batch, deadline);
            }
        }
        catch (Exception) when (!deadline.IsCancellationRequested)
        {
            // The lease runs out.
        }
    }

    [LoggerMessage(6001, LogLevel.Warning, "Events of {Module} cannot be published; they are kept and tried again")]
    private partial void LogOut(Exception failure, string module);

    [LoggerMessage(6002, LogLevel.Information, "Events of {Module} are published again after {Seconds} s")]
    private partial void LogBack(string module, double seconds);
}
