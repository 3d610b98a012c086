using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client.Exceptions;

namespace Gatehouse.Foundation.Messaging.Rabbit;

/// <summary>
/// Brings one consumer what its queue has, and the dead letters of that queue into its inbox; connects again for as
/// long as the program runs.
/// </summary>
internal sealed partial class RabbitSubscription(
    IEventConsumer consumer,
    RabbitConnector connector,
    RabbitTopology topology,
    Inbox inbox,
    BrokerOptions options,
    TimeProvider time,
    ILogger<RabbitSubscription> log)
{
    private bool toldOtherwise;
    private readonly Outage outage = new(time, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(30));

    /// <summary>Until <paramref name="stopping"/>; the batch in hand is finished, unless the deadline comes.</summary>
    public async Task Run(CancellationToken stopping, CancellationToken deadline)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await using var link = await connector.Open($"consuming {consumer.Name}", stopping);
                await Attend(link, stopping, deadline);
            }
            catch (Exception) when (!stopping.IsCancellationRequested)
            {
                outage.Failed();
                await Task.WhenAny(Task.Delay(outage.Pause, time, stopping));
            }
            catch (Exception)
            {
                // What was not acknowledged goes to whoever comes next.
            }
        }
    }

    private async Task Attend(RabbitLink link, CancellationToken stopping, CancellationToken deadline)
    {
        try
        {
            TellOtherwise(await topology.Declare(link, consumer, stopping));
            var living = await RabbitReader.Open(
                await link.Channel(null, stopping), topology.Queue(consumer), options, stopping);
            var dead = await RabbitReader.Open(
                await link.Channel(null, stopping), topology.DeadQueue(consumer), options, stopping);
            if (outage.Over() is not null)
            {
                LogAttending(consumer.Name);
            }

            await Attend(living, dead, stopping, deadline);
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            Tell(failure, link);
            link.Break();
            throw;
        }
    }

    private async Task Attend(
        RabbitReader living, RabbitReader dead, CancellationToken stopping, CancellationToken deadline)
    {
        // Where one ends the other has to.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var consuming = Consume(living, ended.Token, deadline);
        var burying = Bury(dead, ended.Token, deadline);
        var first = await Task.WhenAny(consuming, burying);
        await ended.CancelAsync();
        await Task.WhenAny(Task.WhenAll(consuming, burying));
        await first;
    }

    private void TellOtherwise(IReadOnlyList<string> differences)
    {
        if (!toldOtherwise && differences.Count > 0)
        {
            toldOtherwise = true;
            LogOtherwise(consumer.Name, string.Join("; ", differences));
        }
    }

    private void Tell(Exception failure, RabbitLink link)
    {
        if (!link.IsOpen || failure is not (OperationInterruptedException or ChannelClosedException))
        {
            connector.Lost(failure);
        }
        else if (!outage.IsOn)
        {
            LogRefused(consumer.Name, failure.GetBaseException().Message);
        }
    }

    private async Task Consume(RabbitReader reader, CancellationToken stopping, CancellationToken deadline)
    {
        while (true)
        {
            var batch = await reader.Next(stopping);
            var wanted = batch.Where(d => d.Fault is null && consumer.Wants(d.Event.Type));
            var events = wanted.Select(d => d.Event).ToList();
            if (events.Count > 0)
            {
                await Insist(() => inbox.Receive(consumer, events, deadline), reader, stopping);
            }

            foreach (var unreadable in batch.Where(d => d.Fault is not null))
            {
                await reader.Reject(unreadable.Tag, deadline);
            }

            // Not the tag of one that was rejected: the broker knows that one no more, and closes the channel.
            if (batch.LastOrDefault(d => d.Fault is null) is { Tag: > 0 } last)
            {
                await reader.AckThrough(last.Tag, deadline);
            }

            RabbitMetrics.Consumed(consumer.Name, batch.Count);
        }
    }

    private async Task Bury(RabbitReader reader, CancellationToken stopping, CancellationToken deadline)
    {
        while (true)
        {
            foreach (var delivery in await reader.Next(stopping))
            {
                await Insist(() => Bury(delivery, deadline), reader, stopping);
                await reader.AckThrough(delivery.Tag, deadline);
            }
        }
    }

    private Task Bury(RabbitDelivery delivery, CancellationToken deadline) => delivery switch
    {
        { Fault: { } fault } => inbox.Bury(consumer, delivery.Event, fault, deadline),
        { DiedOf: "delivery_limit" } => inbox.Bury(
            consumer,
            delivery.Event,
            $"It was given out {RabbitTopology.DeliveriesMax} times and never acknowledged: does it kill?",
            deadline),
        { DiedOf: { } reason } => inbox.Bury(
            consumer, delivery.Event, $"The broker put it aside ({reason}).", deadline),
        // It never died: it came while the queue that it was meant for was not there.
        _ when !consumer.Wants(delivery.Event.Type) => Task.CompletedTask,
        _ => inbox.Receive(consumer, [delivery.Event], deadline),
    };

    /// <summary>
    /// While the database is away the messages are kept here, and not handed back: each time counts as a delivery, and
    /// the queue has a limit of them.
    /// </summary>
    private async Task Insist(Func<Task> work, RabbitReader reader, CancellationToken stopping)
    {
        var away = new Outage(time);
        while (true)
        {
            try
            {
                await work();
                if (away.Over() is { } lasted)
                {
                    LogTaking(consumer.Name, lasted.TotalSeconds);
                }

                return;
            }
            catch (Exception failure) when (!stopping.IsCancellationRequested && reader.IsOpen)
            {
                if (away.Failed())
                {
                    LogNotTaking(failure, consumer.Name);
                }

                await Task.Delay(away.Pause, time, stopping);
            }
        }
    }

    [LoggerMessage(6204, LogLevel.Error, "{Consumer} gets no events, since the broker refuses: {Text}")]
    private partial void LogRefused(string consumer, string text);

    [LoggerMessage(6208, LogLevel.Warning,
        "A queue of {Consumer} was made with other arguments and is used as it is: {Text}. To have it as it should " +
        "be, delete it when it is empty: it is declared anew at once")]
    private partial void LogOtherwise(string consumer, string text);

    [LoggerMessage(6205, LogLevel.Information, "{Consumer} gets events again")]
    private partial void LogAttending(string consumer);

    [LoggerMessage(6206, LogLevel.Warning, "{Consumer} cannot take events in; they are kept and tried again")]
    private partial void LogNotTaking(Exception failure, string consumer);

    [LoggerMessage(6207, LogLevel.Information, "{Consumer} takes events in again after {Seconds:0.0} s")]
    private partial void LogTaking(string consumer, double seconds);
}
