using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Foundation.Jobs;

/// <summary>
/// Runs the durable jobs of the modules served here. At SIGTERM nothing more is claimed; what runs has the time that
/// requests in flight have, and is given back to other instances then.
/// </summary>
internal sealed class JobWorkers(
    IEnumerable<MigratedDatabase> databases,
    IEnumerable<IJob> jobs,
    HttpOptions options,
    TimeProvider time,
    ILogger<JobWorkers> log) : IHostedLifecycleService, IDisposable
{
    private readonly List<ModuleWorker> workers = [.. Workers([.. databases], [.. jobs], time, log)];
    private readonly CancellationTokenSource stopClaiming = new();
    private readonly CancellationTokenSource deadline = new(Timeout.InfiniteTimeSpan, time);
    private Task claiming = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        claiming = Task.WhenAll(workers.Select(worker =>
            Task.Run(() => worker.Claim(stopClaiming.Token), CancellationToken.None)));
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        deadline.CancelAfter(TimeSpan.FromSeconds(options.ShutdownSeconds));
        await stopClaiming.CancelAsync();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopClaiming.CancelAsync();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        await claiming;
        await Task.WhenAll(workers.Select(worker => worker.Drain(end.Token)));
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        workers.ForEach(worker => worker.Dispose());
        stopClaiming.Dispose();
        deadline.Dispose();
    }

    private static IEnumerable<ModuleWorker> Workers(
        IReadOnlyList<MigratedDatabase> databases, IReadOnlyList<IJob> jobs, TimeProvider time, ILogger log) =>
        from kinds in jobs.GroupBy(job => job.Module)
        let database = databases.FirstOrDefault(d => d.Database.Name == kinds.Key)?.Database
            ?? throw new InvalidOperationException($"Jobs of {kinds.Key} have no database.")
        select new ModuleWorker(database, [.. kinds.DistinctBy(job => job.Kind)], time, log);
}
