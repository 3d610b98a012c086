using Gatehouse.Foundation.Resilience;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client.Exceptions;

namespace Gatehouse.Foundation.Messaging.Rabbit;

/// <summary>
/// Publishes to RabbitMQ. Relays take turns on one connection, which is made when it is needed; while the broker is
/// away a call fails at once or soon, and the relay keeps what it has.
/// </summary>
internal sealed partial class RabbitBus(
    RabbitConnector connector,
    RabbitTopology topology,
    BrokerOptions options,
    IEnumerable<IEventConsumer> consumers,
    Dependencies dependencies,
    ILogger<RabbitBus> log)
    : IEventBus, IAsyncDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);

    private readonly Dependency broker = dependencies.Get("broker", new DependencyPolicy
    {
        // A connection, the topology and a batch.
        AttemptTimeout = options.Timeout * 2,
        // The relay tries again, and takes its time.
        AttemptsMax = 1,
    });

    private RabbitPublisher? publisher;

    public async Task Publish(IReadOnlyList<ReceivedEvent> events, CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            await broker.Run(
                async token =>
                {
                    await (await Publisher(token)).Publish(events, token);
                    return events.Count;
                },
                cancellation);
        }
        catch
        {
            publisher?.Break();
            publisher = null;
            throw;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Throws when the broker does not answer.</summary>
    public async Task Ping(CancellationToken cancellation)
    {
        // Without its turn, so that a batch that hangs does not hide that the broker does.
        if (publisher is { IsOpen: true } open)
        {
            await open.Ping(cancellation);
            return;
        }

        await using var link = await connector.Open("health", cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await turn.WaitAsync();
        if (publisher is not null)
        {
            await publisher.DisposeAsync();
        }

        turn.Dispose();
    }

    private async Task<RabbitPublisher> Publisher(CancellationToken cancellation)
    {
        if (publisher is { IsOpen: true })
        {
            return publisher;
        }

        if (publisher is not null)
        {
            connector.Lost(new IOException("The connection was closed."));
            publisher.Break();
            publisher = null;
        }

        var link = await connector.Open("publishing", cancellation);
        try
        {
            // What is published before a queue is bound, nobody gets: so the consumers' queues come first.
            foreach (var consumer in consumers)
            {
                await Declare(link, consumer, cancellation);
            }

            await using (var channel = await link.Channel(null, cancellation))
            {
                await topology.DeclareEvents(channel, cancellation);
            }

            return publisher = await RabbitPublisher.Open(link, topology.Events, cancellation);
        }
        catch
        {
            link.Break();
            throw;
        }
    }

    private async Task Declare(RabbitLink link, IEventConsumer consumer, CancellationToken cancellation)
    {
        try
        {
            await topology.Declare(link, consumer, cancellation);
        }
        catch (OperationInterruptedException refused) when (link.IsOpen)
        {
            // Who consumes from it says so, and others get their events.
            LogRefused(consumer.Name, refused.ShutdownReason?.ReplyText);
        }
    }

    [LoggerMessage(6203, LogLevel.Debug, "The queue of {Consumer} is refused: {Text}")]
    private partial void LogRefused(string consumer, string? text);
}
