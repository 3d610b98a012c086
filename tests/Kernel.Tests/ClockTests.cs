namespace Gatehouse.Kernel.Tests;

public sealed class ClockTests
{
    [Fact]
    public void Times_are_cut_to_what_both_databases_keep()
    {
        var time = new DateTimeOffset(2026, 5, 1, 14, 0, 0, TimeSpan.FromHours(2)).AddTicks(12_345_678);

        var cut = time.ToMicroseconds();

        Assert.Equal(TimeSpan.Zero, cut.Offset);
        Assert.Equal(8, (time - cut).Ticks);
        Assert.Equal(cut, cut.ToMicroseconds());
    }

    [Fact]
    public void A_role_may_do_what_the_ones_before_it_may()
    {
        var organizer = new Caller(UserId.New(DateTimeOffset.UnixEpoch), Role.Organizer, default);

        Assert.True(organizer.Is(Role.User));
        Assert.True(organizer.Is(Role.Organizer));
        Assert.False(organizer.Is(Role.Admin));
    }
}
