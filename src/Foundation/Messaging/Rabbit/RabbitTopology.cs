using RabbitMQ.Client;

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

    /// <summary>All that stands between the events and one consumer.</summary>
    public async Task Declare(IChannel channel, IEventConsumer consumer, CancellationToken cancellation)
    {
        await DeclareEvents(channel, cancellation);
        await channel.ExchangeDeclareAsync(Dead, ExchangeType.Direct, durable: true, cancellationToken: cancellation);
        await DeclareQueue(channel, DeadQueue(consumer), [], cancellation);
        await channel.QueueBindAsync(DeadQueue(consumer), Dead, consumer.Name, cancellationToken: cancellation);
        await DeclareQueue(channel, Queue(consumer), DeadLetters(consumer), cancellation);
        foreach (var pattern in consumer.Types)
        {
            await channel.QueueBindAsync(Queue(consumer), Events, RoutingKey(pattern), cancellationToken: cancellation);
        }
    }

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

    private static async Task DeclareQueue(
        IChannel channel, string queue, Dictionary<string, object?> arguments, CancellationToken cancellation)
    {
        arguments["x-queue-type"] = "quorum";
        await channel.QueueDeclareAsync(
            queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancellation);
    }
}
