namespace Gatehouse.Foundation.Messaging;

/// <summary>
/// Carries integration events from outboxes to consumers, at least once: in this process, or by RabbitMQ.
/// </summary>
public interface IEventBus
{
    /// <summary>
    /// Completes when all of them are safe on the other side: confirmed by the broker, or in each consumer's inbox.
    /// Order is kept per aggregate. Throws when any may not have arrived; the relay then publishes all of them again.
    /// </summary>
    Task Publish(IReadOnlyList<ReceivedEvent> events, CancellationToken cancellation);
}
