using System.Diagnostics;
using RabbitMQ.Client;

namespace Gatehouse.Foundation.Messaging.Rabbit;

/// <summary>
/// A channel of its own connection, on which one batch at a time is published and confirmed. The client's own tracking
/// of confirmations costs a task and a header for each message, and does not promise their order.
/// </summary>
internal sealed class RabbitPublisher : IAsyncDisposable
{
    // In flight at most; a batch that is larger goes in parts.
    private const int UnconfirmedMax = 500;

    private static readonly CreateChannelOptions Confirmed = new(
        publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false);

    private readonly RabbitLink link;
    private readonly IChannel channel;
    private readonly string exchange;
    private readonly Lock gate = new();
    private readonly HashSet<ulong> unconfirmed = [];
    private ulong last;
    private ulong confirmedBelow = 1;
    private TaskCompletionSource? confirmed;

    private RabbitPublisher(RabbitLink link, IChannel channel, string exchange)
    {
        this.link = link;
        this.channel = channel;
        this.exchange = exchange;
        channel.BasicAcksAsync += (_, ack) => Confirm(ack.DeliveryTag, ack.Multiple);
        channel.BasicNacksAsync += (_, _) => Fail(new IOException("The broker refused an event."));
        channel.ChannelShutdownAsync += (_, end) => Fail(new IOException($"The channel was closed: {end.ReplyText}"));
    }

    public bool IsOpen => link.IsOpen && channel.IsOpen;

    /// <summary>The publisher owns the link from here on.</summary>
    public static async Task<RabbitPublisher> Open(RabbitLink link, string exchange, CancellationToken cancellation) =>
        new(link, await link.Channel(Confirmed, cancellation), exchange);

    public async Task Publish(IReadOnlyList<ReceivedEvent> events, CancellationToken cancellation)
    {
        foreach (var part in events.Chunk(UnconfirmedMax))
        {
            var started = Stopwatch.GetTimestamp();
            var done = Expect(part.Length);
            foreach (var sent in part)
            {
                await channel.BasicPublishAsync(
                    exchange, sent.Type, mandatory: false, RabbitMessage.Properties(sent), RabbitMessage.Body(sent),
                    cancellation);
            }

            await done.WaitAsync(cancellation);
            RabbitMetrics.Published(part.Length, Stopwatch.GetElapsedTime(started));
        }
    }

    public Task Ping(CancellationToken cancellation) => link.Ping(cancellation);

    /// <summary>Ends it now; what it published may have arrived.</summary>
    public void Break() => link.Break();

    public ValueTask DisposeAsync() => link.DisposeAsync();

    private Task Expect(int count)
    {
        lock (gate)
        {
            confirmed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            for (var i = 0; i < count; i++)
            {
                unconfirmed.Add(++last);
            }

            return confirmed.Task;
        }
    }

    private Task Confirm(ulong number, bool andAllBefore)
    {
        lock (gate)
        {
            for (; andAllBefore && confirmedBelow < number; confirmedBelow++)
            {
                unconfirmed.Remove(confirmedBelow);
            }

            unconfirmed.Remove(number);
            if (unconfirmed.Count == 0)
            {
                confirmed?.TrySetResult();
            }
        }

        return Task.CompletedTask;
    }

    private Task Fail(Exception failure)
    {
        lock (gate)
        {
            confirmed?.TrySetException(failure);
        }

        return Task.CompletedTask;
    }
}
