using FsCheck;
using FsCheck.Fluent;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Tests.Domain;

public sealed class PoolTests
{
    private enum Act
    {
        Sell,
        Hold,
        ReleaseSold,
        ReleaseHeld,
    }

    [Fact]
    public void Any_sequence_of_takes_and_returns_stays_within_the_size()
    {
        var step = Gen.Zip(Gen.Elements(Enum.GetValues<Act>()), Gen.Choose(1, 8));

        Prop.ForAll(step.ArrayOf().ToArbitrary(), Gen.Choose(0, 30).ToArbitrary(), (steps, size) =>
        {
            var pool = new Pool(Guid.Empty, size, 0, 0);
            foreach (var (act, places) in steps)
            {
                Assert.Equal(Expected(pool, act, places), Do(pool, act, places));
                Assert.InRange(pool.Held, 0, pool.Size);
                Assert.InRange(pool.Sold, 0, pool.Size);
                Assert.Equal(pool.Size, pool.Taken + pool.Available);
                Assert.InRange(pool.Available, 0, pool.Size);
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

    /// <summary>What is held and sold afterwards: everything asked for where there is room, else nothing.</summary>
    private static (int Held, int Sold) Expected(Pool pool, Act act, int places) => act switch
    {
        Act.Sell when places <= pool.Available => (pool.Held, pool.Sold + places),
        Act.Hold when places <= pool.Available => (pool.Held + places, pool.Sold),
        Act.ReleaseSold when places <= pool.Sold => (pool.Held, pool.Sold - places),
        Act.ReleaseHeld when places <= pool.Held => (pool.Held - places, pool.Sold),
        _ => (pool.Held, pool.Sold),
    };

    private static (int Held, int Sold) Do(Pool pool, Act act, int places)
    {
        switch (act)
        {
            case Act.Sell:
                _ = pool.Sell(places);
                break;
            case Act.Hold:
                _ = pool.Hold(places);
                break;
            case Act.ReleaseSold when places <= pool.Sold:
                pool.ReleaseSold(places);
                break;
            case Act.ReleaseHeld when places <= pool.Held:
                pool.ReleaseHeld(places);
                break;
        }

        return (pool.Held, pool.Sold);
    }
}
