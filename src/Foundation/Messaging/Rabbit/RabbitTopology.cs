using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Gatehouse.Foundation.Messaging.Rabbit;

/// <summary>
/// The exchanges, queues and bindings, by their names. Declaring what is there already changes nothing.
/// </summary>
internal sealed class RabbitTopology(BrokerOptions options)
{
    /// <summary>A message that was given out so often and never acknowledged ends whoever takes it.</summary>
    public const int DeliveriesMax = 20;

    /// <summary>Where every event is published, with its type as routing key.</summary>
    public string Events => $"{options.Prefix}.events";

    /// <summary>Where queues put what cannot be handled.</summary>
    public string Dead => $"{options.Prefix}.dead";

    public string Queue(IEventConsumer consumer) => $"{options.Prefix}.{consumer.Name}";

    public string DeadQueue(IEventConsumer consumer) => $"{options.Prefix}.{consumer.Name}.dead";

    public Task DeclareEvents(IChannel channel, CancellationToken cancellation) =>
        channel.ExchangeDeclareAsync(Events, ExchangeType.Topic, durable: true, cancellationToken: cancellation);

    /// <summary>
    /// All that stands between the events and one consumer; answers what the broker says of queues that are there, but
    /// were made with other arguments: they are used as they are.
    /// </summary>
    public async Task<IReadOnlyList<string>> Declare(
        RabbitLink link, IEventConsumer consumer, CancellationToken cancellation)
    {
        // First, since a refusal costs the channel.
        var queue = await DeclareQueue(link, Queue(consumer), DeadLetters(consumer), cancellation);
        var deadQueue = await DeclareQueue(link, DeadQueue(consumer), [], cancellation);
        await using var channel = await link.Channel(null, cancellation);
        await DeclareEvents(channel, cancellation);
        await channel.ExchangeDeclareAsync(Dead, ExchangeType.Direct, durable: true, cancellationToken: cancellation);
        await channel.QueueBindAsync(DeadQueue(consumer), Dead, consumer.Name, cancellationToken: cancellation);
        await DeclareDoor(channel, consumer, cancellation);
        foreach (var key in consumer.Types.Select(RoutingKey))
        {
            await channel.ExchangeBindAsync(Door(consumer), Events, key, cancellationToken: cancellation);
            // How it was bound before there were doors; then each event would come twice.
            await channel.QueueUnbindAsync(Queue(consumer), Events, key, cancellationToken: cancellation);
        }

        return [.. new[] { queue, deadQueue }.OfType<string>()];
    }

    /// <summary>
    /// An exchange of the consumer's own before its queue. Who publishes does not hear that one of several queues is
    /// gone; this exchange notices, and sends what it cannot deliver to the consumer's other queue.
    /// </summary>
    private async Task DeclareDoor(IChannel channel, IEventConsumer consumer, CancellationToken cancellation)
    {
        var missed = $"{Door(consumer)}.missed";
        await channel.ExchangeDeclareAsync(missed, ExchangeType.Fanout, durable: true, cancellationToken: cancellation);
        await channel.QueueBindAsync(DeadQueue(consumer), missed, "", cancellationToken: cancellation);
        await channel.ExchangeDeclareAsync(
            Door(consumer),
            ExchangeType.Fanout,
            durable: true,
            arguments: new Dictionary<string, object?>(StringComparer.Ordinal) { ["alternate-exchange"] = missed },
            cancellationToken: cancellation);
        await channel.QueueBindAsync(Queue(consumer), Door(consumer), "", cancellationToken: cancellation);
    }

    private string Door(IEventConsumer consumer) => $"{options.Prefix}.{consumer.Name}";

    // AMQP's * is one word and its # any number, none included; what is too much the consumer leaves aside.
    private static string RoutingKey(string pattern) => pattern switch
    {
        EventPattern.All => "#",
        _ when pattern.EndsWith(".*", StringComparison.Ordinal) => $"{pattern[..^1]}#",
        _ => pattern,
    };

    // At least once, so that a message is not lost between two queues; it asks for reject-publish.
    private Dictionary<string, object?> DeadLetters(IEventConsumer consumer) => new(StringComparer.Ordinal)
    {
        ["x-delivery-limit"] = DeliveriesMax,
        ["x-dead-letter-exchange"] = Dead,
        ["x-dead-letter-routing-key"] = consumer.Name,
        ["x-dead-letter-strategy"] = "at-least-once",
        ["x-overflow"] = "reject-publish",
    };

    private static async Task<string?> DeclareQueue(
        RabbitLink link, string queue, Dictionary<string, object?> arguments, CancellationToken cancellation)
    {
        arguments["x-queue-type"] = "quorum";
        try
        {
            await using var channel = await link.Channel(null, cancellation);
            await channel.QueueDeclareAsync(
                queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancellation);
            return null;
        }
        catch (OperationInterruptedException refused) when (
            refused.ShutdownReason is { ReplyCode: Constants.PreconditionFailed } && link.IsOpen)
        {
            // Where it is not even there, binding it is refused.
            return refused.ShutdownReason.ReplyText;
        }
    }
}
