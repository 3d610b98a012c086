using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Http;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Kernel;
using Gatehouse.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gatehouse.Foundation.Tests.Jobs;

/// <summary>A module's database with jobs, a table of what they did, and as many instances as one asks for.</summary>
internal sealed class Workshop : IAsyncDisposable
{
    public const string Module = "journal";
    private readonly TestDatabase test;
    private readonly List<Instance> instances = [];

    private Workshop(TestDatabase test)
    {
        this.test = test;
        Database = DataRegistration.Open(Module, test.Options);
    }

    public Database Database { get; }

    public DatabaseOptions Options => test.Options;

    public static Task<Workshop> Open(DatabaseProvider provider) => Open(TestDatabase.Create(provider));

    /// <summary>On a server that the test may stop.</summary>
    public static Task<Workshop> Open(PostgresServer server) => Open(TestDatabase.CreateOn(server));

    private static async Task<Workshop> Open(TestDatabase test)
    {
        var workshop = new Workshop(test);
        var migrated = new MigratedDatabase(workshop.Database, typeof(Workshop).Assembly);
        await new Migrator([migrated], TimeProvider.System, NullLogger<Migrator>.Instance)
            .Up(null, CancellationToken.None);
        await using var unit = await workshop.Database.Begin(CancellationToken.None);
        await unit.Execute("CREATE TABLE effects (id uuid NOT NULL, what text NOT NULL)");
        await unit.Commit();
        return workshop;
    }

    /// <summary>One more instance, with a database handle of its own as another process has.</summary>
    public async Task<Instance> Start(params IJob[] jobs) => await Start(shutdownSeconds: 20, jobs);

    public async Task<Instance> Start(int shutdownSeconds, params IJob[] jobs)
    {
        var instance = new Instance(DataRegistration.Open(Module, test.Options), shutdownSeconds, jobs);
        instances.Add(instance);
        await instance.Workers.StartAsync(CancellationToken.None);
        return instance;
    }

    public Task<bool> Enqueue(string kind, string payload = "", string? key = null, TimeSpan? after = null) =>
        Enqueue(new JobRequest(kind, payload)
        {
            Key = key,
            RunAt = after is { } wait ? TimeProvider.System.Now() + wait : null,
        });

    public async Task<bool> Enqueue(JobRequest job)
    {
        await using var unit = await Database.Begin(CancellationToken.None);
        var added = await JobQueue.Enqueue(unit, job, TimeProvider.System.Now());
        await unit.Commit();
        return added;
    }

    public async Task<long> Count(string from)
    {
        await using var session = await Database.Read(CancellationToken.None);
        return await session.QueryFirst<long>($"SELECT count(*) FROM {from}");
    }

    public async Task<string> Text(string sql)
    {
        await using var session = await Database.Read(CancellationToken.None);
        return await session.QueryFirst<string>(sql) ?? "";
    }

    public Task Until(string from, long count = 1, int seconds = 15) => Poll.Until(
        async () => await Count(from) == count, TimeSpan.FromSeconds(seconds), $"{count} of {from}");

    /// <summary>What a job does here: one row in the transaction that ends it.</summary>
    public static async Task Effect(Database database, JobRun run, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        await Write(unit, run);
        await unit.Commit();
    }

    public static async Task Write(UnitOfWork unit, JobRun run)
    {
        await unit.Execute(
            "INSERT INTO effects (id, what) VALUES (@id, @what)", new { id = run.Id, what = run.Payload });
        await run.Complete(unit, "did it");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in instances)
        {
            await instance.DisposeAsync();
        }

        await Database.DisposeAsync();
        await test.DisposeAsync();
    }
}

internal sealed class Instance(Database database, int shutdownSeconds, IJob[] jobs) : IAsyncDisposable
{
    public Database Database => database;

    public JobWorkers Workers { get; } = new(
        [new MigratedDatabase(database, typeof(Workshop).Assembly)],
        jobs,
        new HttpOptions { ShutdownSeconds = shutdownSeconds },
        TimeProvider.System,
        NullLogger<JobWorkers>.Instance);

    public async Task Stop()
    {
        await Workers.StoppingAsync(CancellationToken.None);
        await Workers.StopAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await Workers.StopAsync(now.Token);
        Workers.Dispose();
        await database.DisposeAsync();
    }
}

/// <summary>A kind of job whose work is the test's.</summary>
internal sealed class TestJob(string kind, Func<JobRun, CancellationToken, Task> work) : IJob
{
    public string Kind => kind;

    public string Module => Workshop.Module;

    public JobPolicy Policy { get; init; } = new();

    public Task Run(JobRun run, CancellationToken cancellation) => work(run, cancellation);
}
