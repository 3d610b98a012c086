using Gatehouse.Contracts.Journal;
using Gatehouse.Foundation.Caching;
using Gatehouse.Foundation.Data;
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
    private readonly bool isGuest;
    private readonly ServiceProvider services;

    private Diary(TestDatabase test, TimeProvider? clock = null, RedisOptions? redis = null, bool isGuest = false)
    {
        this.test = test;
        this.isGuest = isGuest;
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

    public IEntries Entries => services.GetRequiredService<IEntries>();

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    public static Caller Person() =>
        new(new UserId(Guid.NewGuid()), Role.User, new SessionId(Guid.NewGuid()));

    public static async Task<Diary> Open(DatabaseProvider provider)
    {
        var diary = new Diary(TestDatabase.Create(provider));
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

    /// <summary>Another instance on the same database.</summary>
    public Diary Beside(RedisOptions? redis = null) =>
        new(test, redis is null ? Time : TimeProvider.System, redis, isGuest: true);

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

    public async Task<IReadOnlyList<T>> Query<T>(string sql)
    {
        var database = services.GetRequiredKeyedService<Database>(JournalModule.DatabaseName);
        await using var session = await database.Read(CancellationToken.None);
        return await session.Query<T>(sql);
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        if (!isGuest)
        {
            await test.DisposeAsync();
        }
    }
}
