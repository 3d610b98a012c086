using Gatehouse.Gateway.Destinations;
using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Tests.Destinations;

/// <summary>Places and who waits for them.</summary>
public sealed class PermitsTests
{
    private readonly Permits permits = new();

    [Fact]
    public async Task Places_are_handed_over_in_the_order_of_arrival_and_nobody_overtakes()
    {
        permits.Limit(new Bulkhead(1, 2));
        Assert.True(permits.TryEnter());
        var first = permits.Wait(CancellationToken.None).AsTask();
        var second = permits.Wait(CancellationToken.None).AsTask();
        Assert.False(await permits.Wait(CancellationToken.None));
        Assert.False(permits.TryEnter());

        permits.Leave();
        Assert.True(await first);
        Assert.False(second.IsCompleted);
        Assert.False(permits.TryEnter());
        permits.Leave();
        Assert.True(await second);
        permits.Leave();
        Assert.Equal((0, 0), (permits.InUse, permits.Waiting));
    }

    [Fact]
    public async Task Who_gives_up_holds_nothing_and_a_larger_limit_lets_the_waiting_in()
    {
        permits.Limit(new Bulkhead(1, 2));
        Assert.True(permits.TryEnter());
        using var impatient = new CancellationTokenSource();
        var first = permits.Wait(impatient.Token).AsTask();
        var second = permits.Wait(CancellationToken.None).AsTask();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal((1, 1), (permits.InUse, permits.Waiting));

        permits.Limit(new Bulkhead(2, 2));
        Assert.True(await second);
        Assert.Equal((2, 0), (permits.InUse, permits.Waiting));
    }

    [Fact]
    public async Task However_many_come_go_and_give_up_no_place_is_lost_or_made()
    {
        permits.Limit(new Bulkhead(3, 20));
        var most = 0;
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 300; i++)
            {
                using var limit = new CancellationTokenSource(Random.Shared.Next(3));
                try
                {
                    if (permits.TryEnter() || await permits.Wait(limit.Token))
                    {
                        InterlockedMax(ref most, permits.InUse);
                        await Task.Yield();
                        permits.Leave();
                    }
                }
                catch (OperationCanceledException)
                {
                    // It waited too long.
                }
            }
        })));

        Assert.InRange(most, 1, 3);
        Assert.Equal((0, 0), (permits.InUse, permits.Waiting));
    }

    private static void InterlockedMax(ref int most, int seen)
    {
        int before;
        while ((before = Volatile.Read(ref most)) < seen)
        {
            Interlocked.CompareExchange(ref most, seen, before);
        }
    }
}
