using System.Collections.Concurrent;
using Gatehouse.Foundation.Http;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gatehouse.Foundation.Tests.Jobs;

public sealed class WorkerPoolTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly ManualTime time = new();
    private readonly SemaphoreSlim gate = new(0);
    private readonly ConcurrentQueue<int> done = new();

    public void Dispose() => gate.Dispose();

    [Fact]
    public async Task Full_queue_refuses_at_once_and_takes_more_when_there_is_room()
    {
        using var pool = await Start();
        await Fill(pool);

        Assert.False(Submit(pool, 99));
        Assert.Equal((2, 2), (pool.Queued, pool.Running));
        gate.Release(4);
        await Poll.Until(() => done.Count == 4, Patience, "4 done");
        Assert.True(Submit(pool, 5));
        gate.Release();
        await Stop(pool);
    }

    [Fact]
    public async Task Failure_of_one_piece_ends_no_worker()
    {
        using var pool = await Start();
        foreach (var _ in Enumerable.Range(0, 4))
        {
            await Poll.Until(
                () => pool.TrySubmit("fails", _ => throw new InvalidOperationException()), Patience, "room");
        }

        gate.Release();
        await Poll.Until(() => Submit(pool, 1), Patience, "room");
        await Poll.Until(() => done.Count == 1, Patience, "1 done");
        await Stop(pool);
    }

    [Fact]
    public async Task Shutdown_finishes_what_waits_and_takes_nothing_more()
    {
        using var pool = await Start();
        await Fill(pool);

        var stopped = Stop(pool);
        Assert.False(Submit(pool, 5));
        gate.Release(4);
        await stopped.WaitAsync(Patience);

        Assert.Equal([1, 2, 3, 4], done.Order());
    }

    [Fact]
    public async Task Shutdown_past_its_time_cancels_what_runs()
    {
        using var pool = await Start();
        await Fill(pool);

        var stopped = Stop(pool);
        time.Advance(TimeSpan.FromSeconds(20));
        await stopped.WaitAsync(Patience);

        await Poll.Until(() => pool.Running + pool.Queued == 0, Patience, "nothing to run");
        Assert.Empty(done);
    }

    [Fact]
    public async Task Work_whose_asker_has_gone_does_not_begin()
    {
        using var pool = await Start();
        using var asker = new CancellationTokenSource();
        await Fill(pool, asker.Token);

        await asker.CancelAsync();

        await Poll.Until(() => pool.Running + pool.Queued == 0, Patience, "nothing to run");
        Assert.Empty(done);
        await Stop(pool);
    }

    private async Task<WorkerPool> Start()
    {
        var pool = new WorkerPool(
            new WorkersOptions { Count = 2, QueueMax = 2 },
            new HttpOptions { ShutdownSeconds = 20 },
            time,
            NullLogger<WorkerPool>.Instance);
        await pool.StartAsync(CancellationToken.None);
        return pool;
    }

    private static async Task Stop(WorkerPool pool)
    {
        await pool.StoppingAsync(CancellationToken.None);
        await pool.StopAsync(CancellationToken.None);
    }

    /// <summary>Two run and wait at the gate, two wait in the queue.</summary>
    private async Task Fill(WorkerPool pool, CancellationToken cancellation = default)
    {
        Assert.True(Submit(pool, 1, cancellation) && Submit(pool, 2, cancellation));
        await Poll.Until(() => pool.Running == 2, Patience, "2 to run", CancellationToken.None);
        Assert.True(Submit(pool, 3, cancellation) && Submit(pool, 4, cancellation));
    }

    private bool Submit(WorkerPool pool, int number, CancellationToken cancellation = default) => pool.TrySubmit(
        "number",
        async stopping =>
        {
            await gate.WaitAsync(stopping);
            done.Enqueue(number);
        },
        cancellation);
}
