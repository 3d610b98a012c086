using System.Text;
using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Gatehouse.Foundation.Messaging.Rabbit;

/// <summary>What one queue hands to this process, in batches, each message acknowledged by its reader.</summary>
internal sealed class RabbitReader
{
    // What one transaction of the inbox takes; the rest of the prefetch comes in meanwhile.
    private const int BatchMax = 250;

    private readonly IChannel channel;
    private readonly int batchMax;
    private readonly TimeSpan timeout;

    // The broker sends no more than the prefetch before it is acknowledged.
    private readonly Channel<RabbitDelivery> waiting = Channel.CreateUnbounded<RabbitDelivery>(
        new UnboundedChannelOptions { SingleReader = true });

    private RabbitReader(IChannel channel, BrokerOptions options)
    {
        this.channel = channel;
        batchMax = Math.Clamp(options.Prefetch / 2, 1, BatchMax);
        timeout = options.Timeout;
    }

    public bool IsOpen => channel.IsOpen;

    public static async Task<RabbitReader> Open(
        IChannel channel, string queue, BrokerOptions options, CancellationToken cancellation)
    {
        var reader = new RabbitReader(channel, options);
        await channel.BasicQosAsync(0, (ushort)options.Prefetch, global: false, cancellation);
        channel.ChannelShutdownAsync += (_, end) => reader.End($"The channel was closed: {end.ReplyText}");
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, message) => reader.Keep(message);
        consumer.UnregisteredAsync += (_, _) => reader.End("The broker cancelled the consumer; was its queue deleted?");
        await channel.BasicConsumeAsync(queue, autoAck: false, consumer, cancellation);
        return reader;
    }

    /// <summary>Waits for a message, and takes what else has come. Throws when the channel is no more.</summary>
    public async Task<IReadOnlyList<RabbitDelivery>> Next(CancellationToken cancellation)
    {
        var batch = new List<RabbitDelivery> { await waiting.Reader.ReadAsync(cancellation) };
        while (batch.Count < batchMax && waiting.Reader.TryRead(out var more))
        {
            batch.Add(more);
        }

        return batch;
    }

    /// <summary>That one and all before it that are neither acknowledged nor rejected.</summary>
    public Task AckThrough(ulong tag, CancellationToken cancellation) =>
        channel.BasicAckAsync(tag, multiple: true, cancellation).AsTask().WaitAsync(timeout, cancellation);

    /// <summary>Sends it to the dead letters of its queue.</summary>
    public Task Reject(ulong tag, CancellationToken cancellation) =>
        channel.BasicRejectAsync(tag, requeue: false, cancellation).AsTask().WaitAsync(timeout, cancellation);

    private Task Keep(BasicDeliverEventArgs message)
    {
        // Body and properties are the client's, and only until this returns.
        var received = RabbitMessage.Read(message.BasicProperties, message.Body.Span, out var fault);
        var diedOf = message.BasicProperties.Headers?.TryGetValue("x-first-death-reason", out var value) == true &&
            value is byte[] reason ? Encoding.UTF8.GetString(reason) : null;
        waiting.Writer.TryWrite(new RabbitDelivery(message.DeliveryTag, received, fault, diedOf));
        return Task.CompletedTask;
    }

    private Task End(string reason)
    {
        waiting.Writer.TryComplete(new IOException(reason));
        return Task.CompletedTask;
    }
}

/// <summary>A message to be acknowledged.</summary>
/// <param name="Tag">Its number on its channel.</param>
/// <param name="Event">What it says, as far as it can be read.</param>
/// <param name="Fault">Why it is no event; null when it is one.</param>
/// <param name="DiedOf">What brought it to the dead letters, in the broker's word.</param>
internal readonly record struct RabbitDelivery(ulong Tag, ReceivedEvent Event, string? Fault, string? DiedOf);
