using Gatehouse.Foundation.Configuration;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Foundation.Messaging.Rabbit;
using Gatehouse.Foundation.Resilience;
using Gatehouse.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gatehouse.Bench.Events;

/// <summary>
/// A process of its own with the relay and the consumer of one module, made of the program's own parts, to be killed.
/// </summary>
internal static class EventInstance
{
    public const string Command = "event-instance";
    public const string Module = "bench";

    /// <summary>Starts one from this process.</summary>
    /// <param name="database">Connection string.</param>
    /// <param name="broker">Its address.</param>
    /// <param name="prefix">Of its exchanges and queues.</param>
    /// <param name="copiesMax">Each event is published one to so many times, shuffled.</param>
    public static ChildProcess Start(string database, Uri broker, string prefix, int copiesMax) => ChildProcess.Start(
        "dotnet",
        [typeof(EventInstance).Assembly.Location, Command, database, broker.ToString(), prefix, $"{copiesMax}"]);

    public static async Task Run(string database, string broker, string prefix, int copiesMax)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        var services = builder.Services;
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new RuntimeOptions());
        // The shortest, since a part of the outbox whose relay was killed waits so long for another.
        services.AddSingleton(new MessagingOptions { LeaseSeconds = 3 });
        services.AddSingleton(new ResilienceOptions());
        services.AddSingleton<Dependencies>();
        services.AddSingleton(new BrokerOptions { Connection = broker, Prefix = prefix });
        services.AddSingleton(Options(database));
        services.AddModuleDatabase(Module, typeof(EventInstance).Assembly);
        services.AddConsumer<EffectConsumer>();
        services.AddMessaging();
        if (copiesMax > 1)
        {
            var bus = services.Last(service => service.ServiceType == typeof(IEventBus));
            services.Remove(bus);
            services.AddSingleton<IEventBus>(provider =>
                new RepeatingBus((IEventBus)bus.ImplementationFactory!(provider), copiesMax));
        }

        await builder.Build().RunAsync();
    }

    public static DatabaseOptions Options(string connection) =>
        new() { Provider = DatabaseProvider.Postgres, Connection = connection };

    /// <summary>Writes a row for each event, with nothing that would refuse a second.</summary>
    private sealed class EffectConsumer : IEventConsumer
    {
        public string Name => "bench.effects";

        public string Module => EventInstance.Module;

        public IReadOnlyList<string> Types { get; } = ["booking.*"];

        public Task Consume(UnitOfWork unit, ReceivedEvent received, CancellationToken cancellation) =>
            ConsumeTogether(unit, [received], cancellation);

        public Task ConsumeTogether(
            UnitOfWork unit, IReadOnlyList<ReceivedEvent> received, CancellationToken cancellation) => unit.Execute(
            "INSERT INTO effects (event_id) SELECT unnest(CAST(@ids AS uuid[]))",
            new { ids = received.Select(e => e.Id).ToArray() });
    }

    private sealed class RepeatingBus(IEventBus inner, int copiesMax) : IEventBus
    {
        public Task Publish(IReadOnlyList<ReceivedEvent> events, CancellationToken cancellation)
        {
            var copies = events.SelectMany(e => Enumerable.Repeat(e, Random.Shared.Next(1, copiesMax + 1))).ToArray();
            Random.Shared.Shuffle(copies);
            return inner.Publish(copies, cancellation);
        }
    }
}
