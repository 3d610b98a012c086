using Gatehouse.Contracts;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Foundation.Resilience;
using Gatehouse.Foundation.Secrets;
using Gatehouse.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Notifications.Tests;

/// <summary>The module as it runs, on an empty database of one engine, with a clock of the test's own.</summary>
internal sealed class MailRoom : IAsyncDisposable
{
    private readonly TestDatabase test;
    private readonly ServiceProvider services;

    private MailRoom(TestDatabase test)
    {
        this.test = test;
        var collection = new ServiceCollection();
        collection.AddSingleton(test.Options);
        collection.AddSingleton<TimeProvider>(Time);
        collection.AddSingleton<ILoggerFactory, LoggerFactory>();
        collection.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        collection.AddSingleton<Migrator>();
        collection.AddSingleton(new WebhooksOptions());
        collection.AddSingleton(new ResilienceOptions());
        collection.AddSingleton<Dependencies>();
        collection.AddSingleton(new SecretBox(new byte[SecretBox.KeyBytes]));
        new NotificationsModule().AddServices(collection);
        services = collection.BuildServiceProvider();
    }

    public ManualTime Time { get; } = new();

    public Database Database => services.GetRequiredKeyedService<Database>(NotificationsModule.DatabaseName);

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    public static async Task<MailRoom> Open(DatabaseProvider provider)
    {
        var room = new MailRoom(TestDatabase.Create(provider));
        await room.Get<Migrator>().Up(null, CancellationToken.None);
        return room;
    }

    /// <summary>Every consumer that wants it gets it, each in a transaction of its own.</summary>
    public async Task Tell(IntegrationEvent fact)
    {
        var received = new ReceivedEvent(fact.Id, fact.Type, fact.AggregateId, fact.OccurredAt, fact.ToJson());
        foreach (var consumer in services.GetServices<IEventConsumer>().Where(c => Wants(c, fact.Type)))
        {
            await using var unit = await Database.Begin(CancellationToken.None);
            await consumer.Consume(unit, received, CancellationToken.None);
            await unit.Commit();
        }
    }

    public async Task<T> InTransaction<T>(Func<UnitOfWork, Task<T>> work)
    {
        await using var unit = await Database.Begin(CancellationToken.None);
        var answer = await work(unit);
        await unit.Commit();
        return answer;
    }

    public async Task<T?> Ask<T>(string sql, object? args = null)
    {
        await using var session = await Database.Read(CancellationToken.None);
        return await session.QueryFirst<T>(sql, args);
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await test.DisposeAsync();
    }

    private static bool Wants(IEventConsumer consumer, string type) => consumer.Types.Any(wanted =>
        wanted == type || (wanted.EndsWith('*') && type.StartsWith(wanted[..^1], StringComparison.Ordinal)));
}
