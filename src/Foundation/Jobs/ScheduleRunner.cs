using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Foundation.Jobs;

/// <summary>
/// Runs the schedules of the modules served here. It begins once the server is up, so that a start is none the slower,
/// and tries until its databases let it.
/// </summary>
internal sealed partial class ScheduleRunner(
    IEnumerable<MigratedDatabase> databases,
    IEnumerable<ISchedule> schedules,
    SchedulesOptions options,
    HttpOptions http,
    TimeProvider time,
    ILoggerFactory logs) : IHostedLifecycleService, IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private readonly ILogger log = logs.CreateLogger<ScheduleRunner>();
    private readonly CancellationTokenSource stopping = new();
    private readonly CancellationTokenSource deadline = new(Timeout.InfiniteTimeSpan, time);
    private Task starting = Task.CompletedTask;
    private Task pausing = Task.CompletedTask;

    public IReadOnlyList<ModuleSchedules> Modules { get; } =
        [.. Of([.. databases], [.. schedules], options, time, logs)];

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var names = Modules.SelectMany(module => module.Schedules).Select(schedule => schedule.Name).ToHashSet();
        foreach (var unknown in options.Names.Where(name => !names.Contains(name)))
        {
            LogUnknown(unknown);
        }

        starting = Task.WhenAll(Modules.Select(module => Task.Run(() => Start(module), CancellationToken.None)));
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        deadline.CancelAfter(TimeSpan.FromSeconds(http.ShutdownSeconds));
        await stopping.CancelAsync();
        // Not awaited: a database that hangs must not keep others from hearing that this instance stops.
        pausing = PauseAll();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        await stopping.CancelAsync();
        await starting;
        await Task.WhenAny(pausing);
        await Task.WhenAll(Modules.Select(module => module.Stop(end.Token)));
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var module in Modules)
        {
            await module.DisposeAsync();
        }

        stopping.Dispose();
        deadline.Dispose();
    }

    private async Task PauseAll()
    {
        await starting;
        await Task.WhenAll(Modules.Select(module => module.Pause()));
    }

    private async Task Start(ModuleSchedules module)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await module.Start(stopping.Token);
                return;
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                LogNotStarted(exception, module.Database.Name);
            }
            catch (Exception)
            {
                return;
            }

            await Task.WhenAny(Task.Delay(Pause, time, stopping.Token));
        }
    }

    private static IEnumerable<ModuleSchedules> Of(
        IReadOnlyList<MigratedDatabase> databases,
        IReadOnlyList<ISchedule> schedules,
        SchedulesOptions options,
        TimeProvider time,
        ILoggerFactory logs) =>
        from migrated in databases
        let database = migrated.Database
        let its = schedules.Where(schedule => schedule.Module == database.Name).Append(new PruneJobs(database, time))
        select new ModuleSchedules(database, [.. its], options, time, logs);

    [LoggerMessage(7023, LogLevel.Warning, "Schedules of {Module} could not be started; trying again")]
    private partial void LogNotStarted(Exception exception, string module);

    [LoggerMessage(7024, LogLevel.Warning, "The settings name schedule {Schedule}, which no module served here has")]
    private partial void LogUnknown(string schedule);
}
