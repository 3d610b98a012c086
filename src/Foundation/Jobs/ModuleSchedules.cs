using System.Runtime.ExceptionServices;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Quartz;
using Quartz.Extensibility;

namespace Gatehouse.Foundation.Jobs;

/// <summary>
/// The schedules of one module on a Quartz scheduler of their own. On PostgreSQL its instances are a cluster with the
/// module's name, so that each firing is one instance's; on SQLite it is in memory, and catches up by the last run.
/// </summary>
internal sealed class ModuleSchedules(
    Database database,
    IReadOnlyList<ISchedule> schedules,
    SchedulesOptions options,
    TimeProvider time,
    ILoggerFactory logs) : IJobFactory, IAsyncDisposable
{
    public const string Group = "schedules";
    private const string RunNowGroup = "run-now";
    private const int AtOnceMax = 5;
    private static readonly TimeSpan ShutdownMax = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RunLook = TimeSpan.FromMilliseconds(50);

    private readonly ScheduleRepository runs = new(database);
    private readonly CancellationTokenSource stopping = new();
    private readonly ILogger log = logs.CreateLogger<ModuleSchedules>();
    private StandaloneSchedulerFactory? factory;
    private IScheduler? scheduler;
    private int running;

    /// <summary>How soon instances learn that one has died; each twice, to begin and to be sure.</summary>
    internal TimeSpan CheckIn { get; init; } = TimeSpan.FromSeconds(7.5);

    /// <summary>Has Quartz look at its tables before it starts; a test does it for every start.</summary>
    internal bool ValidateTables { get; init; }

    public Database Database => database;

    public IReadOnlyList<ISchedule> Schedules => schedules;

    public ScheduleTime TimeOf(ISchedule schedule) => options.TimeOf(schedule);

    public Task<IReadOnlyList<LastRun>> LastRuns(CancellationToken cancellation) => runs.List(cancellation);

    /// <summary>Brings what is stored up to date with code and settings, and begins to fire.</summary>
    public async Task Start(CancellationToken cancellation)
    {
        factory ??= QuartzSchedulerBuilder.Create(Configure).Build();
        var starting = await factory.GetScheduler(cancellation);
        foreach (var schedule in schedules)
        {
            await Store(starting, schedule, cancellation);
        }

        await ForgetOthers(starting, cancellation);
        await starting.Start(cancellation);
        scheduler = starting;
        if (database.Provider == DatabaseProvider.Sqlite)
        {
            await CatchUp(cancellation);
        }
    }

    /// <summary>
    /// Has it run once, soon, here or on another instance. Asked again before it has, it runs once all the same; false
    /// while nothing can be scheduled.
    /// </summary>
    public async Task<bool> RunNow(ISchedule schedule, CancellationToken cancellation)
    {
        if (scheduler is null)
        {
            return false;
        }

        var once = TriggerBuilder.Create(time)
            .WithIdentity(schedule.Name, RunNowGroup).ForJob(schedule.Name, Group).StartNow().Build();
        try
        {
            await scheduler.ScheduleTrigger(once, TriggerConflict.Keep, cancellation);
            return true;
        }
        catch (SchedulerException exception) when (exception.GetBaseException() is { } cause && cause != exception)
        {
            // What the database said is known everywhere; Quartz's wrapping is not.
            ExceptionDispatchInfo.Throw(cause);
            throw;
        }
    }

    /// <summary>Fires no more.</summary>
    public async Task Pause()
    {
        if (scheduler is not null)
        {
            await scheduler.Standby(CancellationToken.None);
        }
    }

    /// <summary>Lets what runs come to its end, and stops it at the deadline.</summary>
    public async Task Stop(CancellationToken deadline)
    {
        if (scheduler is null)
        {
            return;
        }

        while (Volatile.Read(ref running) > 0 && !deadline.IsCancellationRequested)
        {
            await Task.WhenAny(Task.Delay(RunLook, time, deadline));
        }

        await stopping.CancelAsync();
        // Not for longer: a database that hangs would not let Quartz end.
        var ended = scheduler.Shutdown(true, CancellationToken.None).AsTask();
        await Task.WhenAny(ended, Task.Delay(ShutdownMax, time, CancellationToken.None));
        scheduler = null;
    }

    /// <summary>More than once changes nothing: a container disposes what it holds by two names twice.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref factory, null) is { } made)
        {
            await stopping.CancelAsync();
            await made.DisposeAsync();
            stopping.Dispose();
        }
    }

    ValueTask<JobScope> IJobFactory.CreateJob(
        TriggerFiredBundle bundle, IScheduler firing, CancellationToken cancellationToken)
    {
        var schedule = schedules.FirstOrDefault(s => s.Name == bundle.JobDetail.Key.Name);
        Quartz.IJob run = schedule is null
            ? new NothingToRun()
            : new ScheduledRun(schedule, runs, time, log, stopping.Token);
        Interlocked.Increment(ref running);
        return ValueTask.FromResult(new JobScope(run, null));
    }

    ValueTask IJobFactory.ReturnJob(JobScope scope, CancellationToken cancellationToken)
    {
        Interlocked.Decrement(ref running);
        return ValueTask.CompletedTask;
    }

    private void Configure(IQuartzBuilder quartz)
    {
        quartz.Services.AddSingleton(logs);
        quartz.UseTimeProvider(time);
        quartz.UseJobFactory(this);
        quartz.UseDefaultThreadPool(AtOnceMax);
        quartz.ConfigureScheduler(scheduler =>
        {
            scheduler.InstanceName = database.Name;
            scheduler.InstanceId = $"{Environment.MachineName}:{Environment.ProcessId}:{Ids.New(time.Now()):N}";
            scheduler.PropagateTraceContext = false;
        });
        if (database.Source is not { } source)
        {
            quartz.UseInMemoryStore(_ => { });
            return;
        }

        quartz.UsePersistentStore(store =>
        {
            store.UsePostgres(data => data.DataSourceFactory = _ => source);
            store.UseClustering(cluster =>
            {
                cluster.CheckinInterval = CheckIn;
                cluster.CheckinMisfireThreshold = CheckIn;
            });
            store.ConfigureStore(ado =>
            {
                ado.StoreJobDataAsStrings = true;
                ado.SchemaProvisioning = ValidateTables ? SchemaProvisioning.Validate : SchemaProvisioning.None;
                ado.MisfireThreshold = TimeSpan.FromSeconds(15);
                ado.CommandTimeout = TimeSpan.FromSeconds(10);
                ado.UseBackgroundThreads = true;
            });
        });
    }

    // A store in memory does not know what it missed while there was no process.
    private async Task CatchUp(CancellationToken cancellation)
    {
        var last = (await runs.List(cancellation)).ToDictionary(run => run.Name, run => run.StartedAt);
        var now = time.Now();
        foreach (var schedule in schedules.Where(schedule =>
            last.TryGetValue(schedule.Name, out var at) && options.TimeOf(schedule).Next(at) <= now))
        {
            await RunNow(schedule, cancellation);
        }
    }

    private async Task Store(IScheduler storing, ISchedule schedule, CancellationToken cancellation)
    {
        var job = new JobKey(schedule.Name, Group);
        await storing.AddJob(
            JobBuilder.Create<ScheduledRun>().WithIdentity(job).StoreDurably(true).Build(),
            AddJobOptions.Replacing,
            cancellation);
        var key = new TriggerKey(schedule.Name, Group);
        var wanted = options.TimeOf(schedule);
        if (wanted.IsOff)
        {
            await storing.UnscheduleJob(key, cancellation);
            return;
        }

        // What is as it should be stays, with a firing that nobody was there for.
        var stored = await storing.GetTrigger(key, cancellation) as ICronTrigger;
        var isAsWanted = string.Equals(stored?.CronExpressionString, wanted.Cron, StringComparison.OrdinalIgnoreCase) &&
            stored?.TimeZone.Id == wanted.Zone.Id;
        var trigger = TriggerBuilder.Create(time).WithIdentity(key).ForJob(job).StartNow()
            .WithCronSchedule(CronScheduleBuilder.Create(wanted.Cron)
                .InTimeZone(wanted.Zone)
                .WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed))
            .Build();
        await storing.ScheduleTrigger(
            trigger, isAsWanted ? TriggerConflict.Keep : TriggerConflict.Replace, cancellation);
    }

    private async Task ForgetOthers(IScheduler storing, CancellationToken cancellation)
    {
        var stored = await storing.QueryJobs(new JobQuery { Take = 1_000 }, cancellation);
        foreach (var job in stored.Items.Where(job => schedules.All(schedule => schedule.Name != job.Key.Name)))
        {
            await storing.DeleteJob(job.Key, cancellation);
        }
    }
}
