using Gatehouse.Identity.Services;
using Gatehouse.Testing;

namespace Gatehouse.Identity.Tests.Services;

public sealed class HashGateTests
{
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Past_the_queue_the_answer_is_busy_and_when_to_come_back()
    {
        using var gate = new HashGate(workers: 1, queue: 2);
        using var hold = new ManualResetEventSlim();
        var inside = Enumerable.Range(0, 3).Select(i => gate.Run(() => Held(hold, i), cancellation)).ToArray();

        var refused = await gate.Run(() => 9, cancellation);

        Assert.Equal("busy", refused.Problem?.Code.Name);
        Assert.InRange(refused.Problem!.RetryAfter!.Value, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(6));
        Assert.Equal("busy", gate.Refusal?.Code.Name);
        hold.Set();
        Assert.Equal([0, 1, 2], (await Task.WhenAll(inside)).Select(answer => answer.Value));
        Assert.Null(gate.Refusal);
        Assert.Equal(9, (await gate.Run(() => 9, cancellation)).Value);
    }

    [Fact]
    public async Task Who_leaves_the_queue_gives_the_place_free()
    {
        using var gate = new HashGate(workers: 1, queue: 1);
        using var hold = new ManualResetEventSlim();
        using var leaves = new CancellationTokenSource();
        var first = gate.Run(() => Held(hold, 1), cancellation);
        var second = gate.Run(() => 2, leaves.Token);

        await leaves.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        var third = gate.Run(() => 3, cancellation);
        Assert.False(third.IsCompleted);
        hold.Set();
        Assert.Equal(1, (await first).Value);
        Assert.Equal(3, (await third).Value);
    }

    [Fact]
    public async Task A_failing_hash_fails_its_caller_alone()
    {
        using var gate = new HashGate(workers: 1, queue: 0);

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => gate.Run<int>(() => throw new InvalidOperationException(), cancellation));

        Assert.Equal(1, (await gate.Run(() => 1, cancellation)).Value);
    }

    [Fact]
    public async Task No_more_work_at_once_than_workers()
    {
        using var gate = new HashGate(workers: 2, queue: 50);
        using var hold = new ManualResetEventSlim();
        var running = 0;
        var all = Enumerable.Range(0, 20).Select(i => gate.Run(
            () =>
            {
                Interlocked.Increment(ref running);
                return Held(hold, i);
            },
            cancellation)).ToArray();

        await Poll.Until(() => Volatile.Read(ref running) == 2, TimeSpan.FromSeconds(5), "both workers", cancellation);
        Assert.Equal(2, Volatile.Read(ref running));
        hold.Set();
        await Task.WhenAll(all);
        Assert.Equal(20, running);
    }

    private static int Held(ManualResetEventSlim hold, int answer)
    {
        hold.Wait(TimeSpan.FromSeconds(10));
        return answer;
    }
}
