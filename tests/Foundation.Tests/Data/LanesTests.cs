using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gatehouse.Foundation.Tests.Data;

public sealed class LanesTests
{
    private const int Lane = 0;
    private const int OtherLane = 1;

    [Fact]
    public async Task What_waits_weighs_no_more_than_it_may_and_what_nobody_waits_for_makes_room()
    {
        var (begun, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var written = new List<Load>();
        var lanes = new Lanes<int, Load>(
            new LaneBounds(QueueMax: 100, BatchMax: 10, WeightMax: 10, QueueWeightMax: 10),
            async (lane, loads) =>
            {
                begun.TrySetResult();
                await go.Task;
                written.AddRange(loads.Where(_ => lane == Lane));
                loads.ToList().ForEach(load => load.Complete(new Done()));
            },
            NullLogger.Instance);
        using var leaving = new CancellationTokenSource();
        var (heavy, left, stays, late) = (new Load(50), new Load(6, leaving.Token), new Load(4), new Load(6));

        Assert.True(lanes.TryEnter(Lane, heavy));
        await begun.Task;
        Assert.True(lanes.TryEnter(Lane, left) && lanes.TryEnter(Lane, stays));
        Assert.False(lanes.TryEnter(Lane, late));
        Assert.True(lanes.TryEnter(OtherLane, new Load(11)));
        await leaving.CancelAsync();
        Assert.True(lanes.TryEnter(Lane, late));
        Assert.False(lanes.TryEnter(Lane, new Load(1)));
        go.SetResult();
        await Task.WhenAll(heavy.Answer, stays.Answer, late.Answer);

        Assert.DoesNotContain(left, written);
    }

    private sealed class Load(int weight, CancellationToken cancellation = default)
        : LaneRequest<Done>(idempotency: null, cancellation)
    {
        public override int Weight => weight;
    }
}
