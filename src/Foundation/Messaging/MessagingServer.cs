using Gatehouse.Foundation.Configuration;
using Gatehouse.Foundation.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Foundation.Messaging;

/// <summary>
/// Runs a relay for each module's database and the retries of each consumer while the program serves. At the end each
/// finishes what it has in hand, within the shutdown deadline.
/// </summary>
internal sealed partial class MessagingServer : IHostedService, IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource stopping = new();
    private readonly CancellationTokenSource deadline = new();
    private readonly List<Func<Task>> works = [];
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly bool isAlone;
    private Task running = Task.CompletedTask;

    public MessagingServer(
        IEnumerable<MigratedDatabase> migrated,
        IEnumerable<IEventConsumer> registered,
        IEventBus bus,
        IEnumerable<IMessagingWork> more,
        RuntimeOptions runtime,
        MessagingOptions options,
        TimeProvider time,
        ILoggerFactory logs)
    {
        this.time = time;
        log = logs.CreateLogger<MessagingServer>();
        isAlone = bus is InProcessBus &&
            !runtime.Modules.Contains(RuntimeOptions.All, StringComparer.OrdinalIgnoreCase);
        var databases = migrated.ToDictionary(d => d.Database.Name, d => d.Database, StringComparer.Ordinal);
        var consumers = registered.ToList();
        RequireNames(consumers);
        var lease = TimeSpan.FromSeconds(options.LeaseSeconds);
        foreach (var database in databases.Values)
        {
            var queue = new OutboxQueue(database, time, lease);
            var relay = new OutboxRelay(database, queue, bus, time, logs.CreateLogger<OutboxRelay>());
            works.Add(() => relay.Run(stopping.Token, deadline.Token));
        }

        foreach (var consumer in consumers)
        {
            var database = databases[consumer.Module];
            var retries = new InboxRetries(consumer, database, time, logs.CreateLogger<InboxRetries>());
            works.Add(() => retries.Run(stopping.Token, deadline.Token));
        }

        works.AddRange(more.Select(work => (Func<Task>)(() => work.Run(stopping.Token, deadline.Token))));
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (isAlone)
        {
            LogAlone();
        }

        running = Task.WhenAll(works.Select(Task.Run));
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await using var late = cancellationToken.UnsafeRegister(
            static state => ((CancellationTokenSource)state!).Cancel(), deadline);
        try
        {
            await running.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            LogLate();
            // Whoever heeds the deadline ends now; nobody waits for a consumer that does not.
            await Task.WhenAny(running, Task.Delay(Grace, time, CancellationToken.None));
        }
    }

    public void Dispose()
    {
        stopping.Dispose();
        deadline.Dispose();
    }

    private static void RequireNames(List<IEventConsumer> consumers)
    {
        if (consumers.GroupBy(c => c.Name, StringComparer.Ordinal).FirstOrDefault(c => c.Skip(1).Any()) is { } twice)
        {
            throw new InvalidOperationException($"Two consumers are named {twice.Key}.");
        }
    }

    [LoggerMessage(6003, LogLevel.Warning,
        "Some modules are served elsewhere and no broker is set: events reach the consumers of this process only. " +
        "Set GATEHOUSE_BROKER__CONNECTION")]
    private partial void LogAlone();

    [LoggerMessage(6004, LogLevel.Warning, "The shutdown deadline came first: what was in hand is done again later")]
    private partial void LogLate();
}
