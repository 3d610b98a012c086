using System.Net;
using Gatehouse.Contracts;
using Gatehouse.Contracts.Notifications;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Http;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Foundation.Resilience;
using Gatehouse.Foundation.Secrets;
using Gatehouse.Kernel;
using Gatehouse.Notifications.Consumers;
using Gatehouse.Notifications.Jobs.Webhooks;
using Gatehouse.Notifications.Services;
using Gatehouse.Notifications.Services.Webhooks;
using Gatehouse.Notifications.Sql;
using Gatehouse.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Notifications.Tests;

/// <summary>
/// The module with its webhooks, on an empty database of one engine. Receivers on loopback are allowed; other names
/// are looked up in a list of the test's own.
/// </summary>
internal sealed class WebhookRoom : IAsyncDisposable
{
    private readonly TestDatabase test;
    private readonly ServiceProvider services;
    private IHostedService? workers;
    private int slowLookups;

    private WebhookRoom(TestDatabase test, TimeProvider time, WebhooksOptions options)
    {
        this.test = test;
        Time = time;
        var collection = new ServiceCollection();
        collection.AddSingleton(test.Options);
        collection.AddSingleton(time);
        collection.AddSingleton<ILoggerFactory, LoggerFactory>();
        collection.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        collection.AddSingleton<Migrator>();
        collection.AddSingleton(options);
        collection.AddSingleton(new ResilienceOptions());
        collection.AddSingleton(new HttpOptions());
        collection.AddSingleton<Dependencies>();
        collection.AddSingleton(new SecretBox(new byte[SecretBox.KeyBytes]));
        collection.AddModuleDatabase(NotificationsModule.DatabaseName, typeof(NotificationsModule).Assembly);
        collection.AddSingleton<IReadModelRepository, ReadModelRepository>();
        collection.AddWebhooks();
        collection.AddSingleton<HostLookup>((host, _) => LookUp(host));
        services = collection.BuildServiceProvider();
    }

    public TimeProvider Time { get; }

    /// <summary>Host names and their addresses.</summary>
    public Dictionary<string, IPAddress[]> Names { get; } = new(StringComparer.OrdinalIgnoreCase)
    {
        ["receiver.example"] = [IPAddress.Parse("1.1.1.1")],
    };

    /// <summary>Names that start with it have no address before the test says so.</summary>
    public const string Slow = "slow";

    public TaskCompletionSource SlowNames { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int SlowLookups => Volatile.Read(ref slowLookups);

    public IWebhooks Webhooks => Get<IWebhooks>();

    public IWebhookDeliveries Deliveries => Get<IWebhookDeliveries>();

    public Database Database => services.GetRequiredKeyedService<Database>(NotificationsModule.DatabaseName);

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    public static Caller Person(Role role = Role.User) =>
        new(new UserId(Guid.NewGuid()), role, new SessionId(Guid.NewGuid()));

    public static WebhooksOptions Options(int timeoutSeconds = 5) =>
        new() { AllowedHosts = ["127.0.0.1"], TimeoutSeconds = timeoutSeconds };

    public static async Task<WebhookRoom> Open(
        DatabaseProvider provider, TimeProvider? time = null, WebhooksOptions? options = null)
    {
        var room = new WebhookRoom(
            TestDatabase.Create(provider), time ?? TimeProvider.System, options ?? Options());
        await room.Get<Migrator>().Up(null, CancellationToken.None);
        return room;
    }

    /// <summary>From here on the jobs are run, as in the server.</summary>
    public async Task StartWorkers()
    {
        workers = (IHostedService)ActivatorUtilities.CreateInstance(services, JobWorkers());
        await workers.StartAsync(CancellationToken.None);
    }

    public async Task<WebhookView> Subscribe(Caller owner, Uri url, params string[] events) => (await Webhooks.Create(
        owner,
        new CreateWebhook(url.AbsoluteUri, events.Length == 0 ? ["*"] : events),
        CancellationToken.None)).Value;

    /// <summary>The consumer gets them, and what is known of events is kept as another consumer would.</summary>
    public async Task Tell(params IntegrationEvent[] facts)
    {
        await using var unit = await Database.Begin(CancellationToken.None);
        foreach (var changed in facts.OfType<EventChangedEvent>())
        {
            await Get<IReadModelRepository>().Keep(unit, changed.ToKnown());
        }

        var received = facts.Select(fact => new ReceivedEvent(
            fact.Id, fact.Type, fact.AggregateId, fact.OccurredAt, fact.ToJson())).ToList();
        await services.GetServices<IEventConsumer>().OfType<WebhookConsumer>().Single()
            .ConsumeTogether(unit, received, CancellationToken.None);
        await unit.Commit();
    }

    /// <summary>
    /// One attempt at the newest delivery, or that one, now; answers when the next is to be, null when it is over.
    /// </summary>
    public async Task<DateTimeOffset?> Attempt(WebhookView webhook, int round = 1) =>
        await Attempt((await Newest(webhook)).Id, round);

    public async Task<DateTimeOffset?> Attempt(Guid deliveryId, int round = 1)
    {
        var job = services.GetServices<IJob>().Single(job => job.Kind == WebhookDispatch.JobKind);
        try
        {
            await job.Run(new ByHand($"{deliveryId}/{round}"), CancellationToken.None);
            return null;
        }
        catch (JobPostponedException postponed)
        {
            return postponed.Until;
        }
    }

    public Task Prune() =>
        services.GetServices<ISchedule>().OfType<WebhookPruneSchedule>().Single().Run(CancellationToken.None);

    /// <summary>The newest in the log, as the owner sees it.</summary>
    public async Task<WebhookDeliveryView> Newest(WebhookView webhook) => (await Log(webhook))[0];

    public async Task<IReadOnlyList<WebhookDeliveryView>> Log(WebhookView webhook) =>
        (await Get<IWebhookLogRepository>().List(
            webhook.Id, new PageRequest(100, null, null), CancellationToken.None)).Items;

    public async Task Execute(string sql, object? args = null)
    {
        await using var unit = await Database.Begin(CancellationToken.None);
        await unit.Execute(sql, args);
        await unit.Commit();
    }

    public async Task<T?> Ask<T>(string sql, object? args = null)
    {
        await using var session = await Database.Read(CancellationToken.None);
        return await session.QueryFirst<T>(sql, args);
    }

    public async ValueTask DisposeAsync()
    {
        if (workers is not null)
        {
            // What hangs is not waited for.
            await workers.StopAsync(new CancellationToken(canceled: true));
            (workers as IDisposable)?.Dispose();
        }

        await services.DisposeAsync();
        await test.DisposeAsync();
    }

    private async Task<IPAddress[]> LookUp(string host)
    {
        if (host.StartsWith(Slow, StringComparison.Ordinal))
        {
            Interlocked.Increment(ref slowLookups);
            await SlowNames.Task;
        }

        return Names.TryGetValue(host, out var addresses) ? addresses : [];
    }

    // Of all that runs in a server, what runs jobs.
    private static Type JobWorkers() => new ServiceCollection().AddJobs()
        .Select(registered => registered.ImplementationType).Single(type => type?.Name == nameof(JobWorkers))!;

    /// <summary>An attempt without a worker; its lease is never lost.</summary>
    private sealed class ByHand : JobRun
    {
        [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
        public ByHand(string payload)
        {
            Id = Guid.NewGuid();
            Payload = payload;
            Attempt = 1;
            IsLast = false;
        }

        public override Task Report(int percent, string? note, CancellationToken cancellation) => Task.CompletedTask;

        public override Task Complete(UnitOfWork unit, string? result) => Task.CompletedTask;
    }
}
