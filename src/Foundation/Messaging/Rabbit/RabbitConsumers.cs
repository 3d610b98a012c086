using Microsoft.Extensions.Logging;

namespace Gatehouse.Foundation.Messaging.Rabbit;

/// <summary>The subscriptions of this process's consumers, where a broker is set.</summary>
internal sealed class RabbitConsumers(
    RabbitConnector connector,
    RabbitTopology topology,
    IEnumerable<IEventConsumer> consumers,
    Inbox inbox,
    BrokerOptions options,
    TimeProvider time,
    ILogger<RabbitSubscription> log)
    : IMessagingWork
{
    public Task Run(CancellationToken stopping, CancellationToken deadline) => options.IsConfigured
        ? Task.WhenAll(consumers.Select(consumer =>
            new RabbitSubscription(consumer, connector, topology, inbox, options, time, log).Run(stopping, deadline)))
        : Task.CompletedTask;
}
