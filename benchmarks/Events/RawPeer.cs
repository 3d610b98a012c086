using System.Diagnostics;
using System.Text;
using Gatehouse.Foundation.Messaging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Gatehouse.Bench.Events;

/// <summary>
/// The peer: RabbitMQ.Client alone publishes and consumes the same payloads through a quorum queue, in this process. It
/// confirms and prefetches as many at once as we do, acknowledges by the hundred, and keeps nothing.
/// </summary>
internal static class RawPeer
{
    private const int UnconfirmedMax = 500;
    private const int Prefetch = 500;
    private const int AckEvery = 100;
    private static readonly CreateChannelOptions Confirmed = new(
        publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false);

    /// <summary>Messages a second, from the first published to the last consumed.</summary>
    public static async Task<double> Run(Uri broker, string queue, IReadOnlyList<ReceivedEvent> events)
    {
        var factory = new ConnectionFactory { Uri = broker };
        await using var consuming = await factory.CreateConnectionAsync();
        await using var consumer = await consuming.CreateChannelAsync();
        await consumer.QueueDeclareAsync(
            queue, durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
        var all = Consume(consumer, queue, events.Count);
        await using var publishing = await factory.CreateConnectionAsync();
        await using var publisher = await publishing.CreateChannelAsync(Confirmed);

        var started = Stopwatch.GetTimestamp();
        await Publish(publisher, queue, events);
        await await all;
        return events.Count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task Publish(IChannel channel, string queue, IReadOnlyList<ReceivedEvent> events)
    {
        var confirmed = 0L;
        var part = new TaskCompletionSource();
        channel.BasicAcksAsync += (_, ack) =>
        {
            // One queue on one node confirms in order.
            confirmed = (long)ack.DeliveryTag;
            if (confirmed % UnconfirmedMax == 0 || confirmed == events.Count)
            {
                part.TrySetResult();
            }

            return Task.CompletedTask;
        };
        foreach (var some in events.Chunk(UnconfirmedMax))
        {
            part = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            foreach (var sent in some)
            {
                var properties = new BasicProperties { Persistent = true, MessageId = sent.Id.ToString() };
                await channel.BasicPublishAsync("", queue, false, properties, Encoding.UTF8.GetBytes(sent.Payload));
            }

            await part.Task;
        }
    }

    /// <summary>Answers, once it consumes, what ends when it has consumed so many.</summary>
    private static async Task<Task> Consume(IChannel channel, string queue, int count)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var consumed = 0;
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, message) =>
        {
            consumed++;
            if (consumed % AckEvery == 0 || consumed == count)
            {
                await channel.BasicAckAsync(message.DeliveryTag, multiple: true);
            }

            if (consumed == count)
            {
                done.SetResult();
            }
        };
        await channel.BasicQosAsync(0, Prefetch, global: false);
        await channel.BasicConsumeAsync(queue, autoAck: false, consumer);
        return done.Task;
    }
}
