using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Gatehouse.Foundation.Http;
using Gatehouse.Foundation.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Foundation.Jobs;

/// <summary>
/// Work in memory that may be lost with the process: a few workers and a bounded queue before them. What may not be
/// lost is a durable job (<see cref="JobQueue"/>).
/// </summary>
public sealed partial class WorkerPool : IHostedLifecycleService, IDisposable
{
    private readonly WorkersOptions options;
    private readonly TimeProvider time;
    private readonly ILogger<WorkerPool> log;
    private readonly TimeSpan drain;
    private readonly Channel<Work> queue;
    private readonly CancellationTokenSource deadline;
    private int running;
    private Task workers = Task.CompletedTask;

    public WorkerPool(WorkersOptions options, HttpOptions http, TimeProvider time, ILogger<WorkerPool> log)
    {
        this.options = options;
        this.time = time;
        this.log = log;
        drain = TimeSpan.FromSeconds(http.ShutdownSeconds);
        queue = Channel.CreateBounded<Work>(options.QueueMax);
        deadline = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        WorkerPoolMetrics.Observe(this);
    }

    /// <summary>Pieces of work that wait.</summary>
    public int Queued => queue.Reader.Count;

    /// <summary>Pieces of work that run.</summary>
    public int Running => Volatile.Read(ref running);

    /// <summary>
    /// Hands the work over and never waits; false when the queue is full, or the process is about to end.
    /// </summary>
    /// <param name="name">Of the kind of work, for log and metrics: few and fixed.</param>
    /// <param name="work">Heeds its token, which ends it at shutdown; what it throws is logged, no more.</param>
    /// <param name="cancellation">Of the one who asked: work that has not begun is left out then.</param>
    public bool TrySubmit(string name, Func<CancellationToken, Task> work, CancellationToken cancellation = default)
    {
        if (queue.Writer.TryWrite(new Work(name, work, cancellation)))
        {
            return true;
        }

        WorkerPoolMetrics.Count(name, "refused");
        return false;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        workers = Task.WhenAll(
            Enumerable.Range(0, options.Count).Select(_ => Task.Run(RunAll, CancellationToken.None)));
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        deadline.CancelAfter(drain);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // Not before: requests in flight may still have work to hand over.
        queue.Writer.TryComplete();
        await using var end = cancellationToken.UnsafeRegister(
            static stop => ((CancellationTokenSource)stop!).Cancel(), deadline);
        try
        {
            await workers.WaitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            LogLost(Queued, Running);
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => deadline.Dispose();

    private async Task RunAll()
    {
        await foreach (var work in queue.Reader.ReadAllAsync(CancellationToken.None))
        {
            if (deadline.IsCancellationRequested || work.Cancellation.IsCancellationRequested)
            {
                WorkerPoolMetrics.Count(work.Name, "cancelled");
                continue;
            }

            Interlocked.Increment(ref running);
            WorkerPoolMetrics.Count(work.Name, await Run(work));
            Interlocked.Decrement(ref running);
        }
    }

    private async Task<string> Run(Work work)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, work.Cancellation);
        try
        {
            await work.Do(either.Token);
            return "done";
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            return "cancelled";
        }
        catch (Exception exception)
        {
            LogFailed(exception, work.Name);
            return "failed";
        }
    }

    private sealed record Work(string Name, Func<CancellationToken, Task> Do, CancellationToken Cancellation);

    [LoggerMessage(7011, LogLevel.Warning, "Work in the pool failed: {Name}")]
    private partial void LogFailed(Exception exception, string name);

    [LoggerMessage(7012, LogLevel.Warning, "Lost at shutdown: {Queued} pieces of work that waited, {Running} that ran")]
    private partial void LogLost(int queued, int running);
}

internal static class WorkerPoolMetrics
{
    private static readonly Counter<long> Ended = GatehouseMeter.Meter.CreateCounter<long>(
        "gatehouse.workers.work", "{piece}", "Work of the pool by how it ended: done, failed, cancelled or refused.");

    public static void Observe(WorkerPool pool)
    {
        GatehouseMeter.Meter.CreateObservableGauge(
            "gatehouse.workers.queued", () => pool.Queued, "{piece}", "Work that waits for a worker of the pool.");
        GatehouseMeter.Meter.CreateObservableGauge(
            "gatehouse.workers.running", () => pool.Running, "{piece}", "Work that a worker of the pool runs.");
    }

    public static void Count(string name, string outcome) => Ended.Add(
        1, new KeyValuePair<string, object?>("work", name), new KeyValuePair<string, object?>("outcome", outcome));
}
