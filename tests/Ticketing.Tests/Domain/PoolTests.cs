using FsCheck;
using FsCheck.Fluent;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Tests.Domain;

public sealed class PoolTests
{
    [Fact]
    public void Any_sequence_of_takes_and_returns_stays_within_the_size()
    {
        var acts = Gen.Choose(-5, 8).Select(n => n).ArrayOf();

        Prop.ForAll(acts.ToArbitrary(), Gen.Choose(0, 30).ToArbitrary(), (steps, size) =>
        {
            var pool = new Pool(Guid.Empty, size, 0, 0);
            foreach (var step in steps)
            {
                var before = pool.Available;
                switch (step)
                {
                    case > 0 when pool.Sell(step).Problem is null:
                        Assert.Equal(before - step, pool.Available);
                        break;
                    case > 0:
                        Assert.True(step > before, "It refused although there was room.");
                        break;
                    case < 0 when pool.Sold >= -step:
                        pool.ReleaseSold(-step);
                        break;
                }

                Assert.InRange(pool.Taken, 0, pool.Size);
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Giving_back_more_than_was_taken_is_a_bug_that_shows()
    {
        var pool = new Pool(Guid.Empty, size: 5, held: 1, sold: 1);

        Assert.Throws<InvalidOperationException>(() => pool.ReleaseSold(2));
        Assert.Throws<InvalidOperationException>(() => pool.ReleaseHeld(2));
    }
}
