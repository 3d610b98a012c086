using Gatehouse.Contracts;
using Gatehouse.Foundation.Configuration;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Http;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Foundation.Resilience;
using Gatehouse.Foundation.Secrets;
using Gatehouse.Notifications.Services;
using Gatehouse.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Notifications.Tests;

/// <summary>The module as it runs, on an empty database of one engine, with a clock of the test's own.</summary>
internal sealed class MailRoom : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TestDatabase test;
    private readonly ServiceProvider services;
    private JobWorkers? workers;

    private MailRoom(TestDatabase test, MailOptions options)
    {
        this.test = test;
        var collection = new ServiceCollection();
        collection.AddSingleton(test.Options);
        collection.AddSingleton<TimeProvider>(Time);
        collection.AddSingleton<ILoggerFactory, LoggerFactory>();
        collection.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        collection.AddSingleton<Migrator>();
        collection.AddSingleton(options);
        collection.AddSingleton(new RuntimeOptions());
        collection.AddSingleton(new HttpOptions());
        collection.AddSingleton(new WebhooksOptions());
        collection.AddSingleton(new ResilienceOptions());
        collection.AddSingleton<Dependencies>();
        collection.AddSingleton(Secrets);
        new NotificationsModule().AddServices(collection);
        collection.AddSingleton<JobWorkers>();
        services = collection.BuildServiceProvider();
    }

    public ManualTime Time { get; } = new();

    public static SecretBox Secrets { get; } = new(new byte[SecretBox.KeyBytes]);

    public Database Database => services.GetRequiredKeyedService<Database>(NotificationsModule.DatabaseName);

    /// <summary>The files of the pickup folder, oldest first.</summary>
    public IReadOnlyList<MimeMessage> Files =>
        Directory.Exists(Folder)
            ? [.. Directory.GetFiles(Folder, "*.eml").Order(StringComparer.Ordinal).Select(MimeMessage.Read)]
            : [];

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    public static async Task<MailRoom> Open(DatabaseProvider provider, MailOptions? options = null)
    {
        var room = new MailRoom(TestDatabase.Create(provider), options ?? new MailOptions());
        await room.Get<Migrator>().Up(null, CancellationToken.None);
        return room;
    }

    /// <summary>Every consumer gets what it wants of them together, each in a transaction of its own.</summary>
    public async Task Tell(params IntegrationEvent[] facts)
    {
        foreach (var consumer in services.GetServices<IEventConsumer>())
        {
            var wanted = facts.Where(fact => Wants(consumer, fact.Type)).Select(fact => new ReceivedEvent(
                fact.Id, fact.Type, fact.AggregateId, fact.OccurredAt, fact.ToJson())).ToList();
            if (wanted.Count == 0)
            {
                continue;
            }

            await using var unit = await Database.Begin(CancellationToken.None);
            await consumer.ConsumeTogether(unit, wanted, CancellationToken.None);
            await unit.Commit();
        }
    }

    public async Task Prune()
    {
        foreach (var schedule in services.GetServices<ISchedule>())
        {
            await schedule.Run(CancellationToken.None);
        }
    }

    /// <summary>Starts the workers of durable jobs; the clock moves only when a test moves it.</summary>
    public async Task Work()
    {
        workers = Get<JobWorkers>();
        await workers.StartAsync(CancellationToken.None);
    }

    /// <summary>
    /// Waits until so many mails are in that state, moving the clock on by <paramref name="step"/> while no job runs: a
    /// lease is not to end in the middle of an attempt.
    /// </summary>
    public Task Until(string state, long count = 1, TimeSpan step = default) => Poll.Until(
        async () =>
        {
            if (await Ask<long>("SELECT COUNT(*) FROM jobs WHERE state = 'running'") == 0)
            {
                Time.Advance(step);
            }

            return await Ask<long>("SELECT COUNT(*) FROM mails WHERE state = @state", new { state }) == count;
        },
        Patience,
        $"{count} mails to be {state}");

    public async Task<T> InTransaction<T>(Func<UnitOfWork, Task<T>> work)
    {
        await using var unit = await Database.Begin(CancellationToken.None);
        var answer = await work(unit);
        await unit.Commit();
        return answer;
    }

    /// <summary>Somebody with a booking, as the read model has them.</summary>
    public async Task Know(
        UnitOfWork unit, Guid user, string email, Guid of, DateTimeOffset at, string status = KnownBooking.Confirmed)
    {
        var readModel = Get<IReadModelRepository>();
        await readModel.Keep(unit, new Recipient { UserId = user, Email = email, KnownAt = at });
        await readModel.Keep(
            unit,
            [
                new KnownBooking
                {
                    BookingId = Guid.NewGuid(),
                    EventId = of,
                    UserId = user,
                    Quantity = 1,
                    Status = status,
                    ChangedAt = at,
                },
            ]);
    }

    public Task Execute(string sql) => InTransaction(unit => unit.Execute(sql));

    public async Task<T?> Ask<T>(string sql, object? args = null)
    {
        await using var session = await Database.Read(CancellationToken.None);
        return await session.QueryFirst<T>(sql, args);
    }

    public async ValueTask DisposeAsync()
    {
        if (workers is not null)
        {
            using var now = new CancellationTokenSource();
            await now.CancelAsync();
            await workers.StopAsync(now.Token);
        }

        await services.DisposeAsync();
        await test.DisposeAsync();
    }

    private string Folder => Path.Combine(test.Options.Path, "mail");

    private static bool Wants(IEventConsumer consumer, string type) => consumer.Types.Any(wanted =>
        wanted == type || (wanted.EndsWith('*') && type.StartsWith(wanted[..^1], StringComparison.Ordinal)));
}
