using Gatehouse.Foundation.Messaging;
using Gatehouse.Foundation.Messaging.Rabbit;
using Gatehouse.Foundation.Resilience;
using Gatehouse.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using RabbitMQ.Client;

namespace Gatehouse.Foundation.Tests.Messaging;

/// <summary>Instances of the bus and its consumers around one broker, with exchanges and queues of their own.</summary>
internal sealed class RabbitRig(RabbitServer server, Ledger ledger, params IEventConsumer[] consumers)
{
    private static readonly TimeProvider Clock = TimeProvider.System;

    public BrokerOptions Options { get; } = new()
    {
        Connection = server.Address.ToString(),
        Prefix = server.NewPrefix(),
        TimeoutSeconds = 1,
    };

    public RabbitTopology Topology => new(Options);

    private RabbitConnector Connector => new(Options, Clock, NullLogger<RabbitConnector>.Instance);

    public RabbitBus Bus() => new(
        Connector,
        Topology,
        Options,
        consumers,
        new Dependencies(
            new ResilienceOptions { OpenSeconds = 1 }, Clock, NullLogger<Dependencies>.Instance),
        NullLogger<RabbitBus>.Instance);

    /// <summary>One instance's consumers, which run.</summary>
    public RunningConsumers Consume() => new(new RabbitConsumers(
        Connector, Topology, consumers, ledger.Inbox(), Options, Clock, NullLogger<RabbitSubscription>.Instance));

    /// <summary>Past the bus, as any other client.</summary>
    public Task<IConnection> Connect() => new ConnectionFactory { Uri = server.Address }.CreateConnectionAsync();
}

/// <summary>Consumers in their loop.</summary>
internal sealed class RunningConsumers : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly CancellationTokenSource deadline = new();
    private readonly Task running;

    public RunningConsumers(RabbitConsumers consumers) =>
        running = Task.Run(() => consumers.Run(stopping.Token, deadline.Token));

    /// <summary>In the middle of whatever they do.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await deadline.CancelAsync();
        await running;
        stopping.Dispose();
        deadline.Dispose();
    }
}

/// <summary>Publishes everything one to three times, shuffled.</summary>
internal sealed class RepeatingBus(IEventBus inner) : IEventBus
{
    public Task Publish(IReadOnlyList<ReceivedEvent> events, CancellationToken cancellation) => inner.Publish(
        [.. events.SelectMany(e => Enumerable.Repeat(e, Random.Shared.Next(1, 4))).OrderBy(_ => Random.Shared.Next())],
        cancellation);
}
