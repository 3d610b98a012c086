using Gatehouse.Contracts.Identity;
using Gatehouse.Contracts.Journal;
using Gatehouse.Foundation.Caching;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Foundation.Redis;
using Gatehouse.Foundation.Resilience;
using Gatehouse.Kernel;
using Gatehouse.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Journal.Tests;

/// <summary>The module as it runs, on an empty database of one engine, with a clock of the test's own.</summary>
internal sealed class Diary : IAsyncDisposable
{
    private readonly TestDatabase test;
    private readonly ServiceProvider services;
    private readonly bool isSecond;

    private Diary(TestDatabase test, TimeProvider? clock = null, RedisOptions? redis = null, bool isSecond = false)
    {
        this.test = test;
        this.isSecond = isSecond;
        var collection = new ServiceCollection();
        collection.AddSingleton(test.Options);
        collection.AddSingleton(clock ?? Time);
        collection.AddSingleton<ILoggerFactory, LoggerFactory>();
        collection.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        collection.AddSingleton<Migrator>();
        collection.AddSingleton(new CachingOptions());
        collection.AddSingleton(redis ?? new RedisOptions());
        collection.AddSingleton(new ResilienceOptions());
        collection.AddCaching();
        new JournalModule().AddServices(collection);
        services = collection.BuildServiceProvider();
    }

    public ManualTime Time { get; } = new();

    /// <summary>Whose journal it is.</summary>
    public Caller Ada { get; } = Person();

    public Database Database => services.GetRequiredKeyedService<Database>(JournalModule.DatabaseName);

    public IEntries Entries => services.GetRequiredService<IEntries>();

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    public static Caller Person() =>
        new(new UserId(Guid.NewGuid()), Role.User, new SessionId(Guid.NewGuid()));

    public static Task<Diary> Open(DatabaseProvider provider) => Open(TestDatabase.Create(provider));

    public static async Task<Diary> Open(TestDatabase database)
    {
        var diary = new Diary(database);
        await diary.services.GetRequiredService<Migrator>().Up(null, CancellationToken.None);
        return diary;
    }

    /// <summary>With the clock of the machine, and with this Redis.</summary>
    public static async Task<Diary> Open(DatabaseProvider provider, RedisOptions redis)
    {
        var diary = new Diary(TestDatabase.Create(provider), TimeProvider.System, redis);
        await diary.services.GetRequiredService<Migrator>().Up(null, CancellationToken.None);
        return diary;
    }

    public async Task<EntryView> Write(
        string text = "A walk.",
        int mood = 7,
        string category = "Outdoors",
        DateTimeOffset? at = null,
        Caller? by = null,
        params string[] tags)
    {
        var created = await Entries.Create(
            by ?? Ada, new CreateEntry(text, mood, category, at, tags), null, CancellationToken.None);
        return created.Value.Entry;
    }

    public Task<Page<EntryView>> List(EntryFilter? filter = null, int limit = 100, Cursor? after = null) =>
        Entries.List(Ada, filter ?? new EntryFilter(), new PageRequest(limit, null, after), CancellationToken.None);

    public async Task<long> Total(EntryFilter? filter = null) => (await Entries.List(
        Ada, filter ?? new EntryFilter(), new PageRequest(1, 1, null), CancellationToken.None)).Total!.Value;

    /// <summary>Another instance of the module on the same database.</summary>
    public Diary Beside(RedisOptions? redis = null) =>
        new(test, redis is null ? null : TimeProvider.System, redis, isSecond: true);

    /// <summary>Has the module hear of a person's time zone.</summary>
    public async Task Tell(UserId user, string? timeZone, DateTimeOffset? at = null)
    {
        var fact = new UserProfileChangedEvent(
            Guid.NewGuid(), at ?? Time.Now(), user.Value, "ada@example.org", null, null, timeZone);
        await using var unit = await Database.Begin(CancellationToken.None);
        await Get<IEnumerable<IEventConsumer>>().Single().Consume(
            unit,
            new ReceivedEvent(fact.Id, fact.Type, fact.AggregateId, fact.OccurredAt, fact.ToJson()),
            CancellationToken.None);
        await unit.Commit();
    }

    public async Task Change(string sql)
    {
        await using var unit = await Database.Begin(CancellationToken.None);
        await unit.Execute(sql);
        await unit.Commit();
    }

    public async Task<IReadOnlyList<T>> Query<T>(string sql)
    {
        await using var session = await Database.Read(CancellationToken.None);
        return await session.Query<T>(sql);
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        if (!isSecond)
        {
            await test.DisposeAsync();
        }
    }
}
