namespace Gatehouse.Testing.Tests;

public sealed class ManualTimeTests
{
    private readonly ManualTime time = new();

    [Fact]
    public void Time_stands_still_until_it_is_moved()
    {
        var before = time.GetUtcNow();
        Assert.Equal(before, time.GetUtcNow());

        time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(before.AddMinutes(5), time.GetUtcNow());
        Assert.Equal(TimeSpan.FromMinutes(5), time.GetElapsedTime(before.UtcTicks));
    }

    [Fact]
    public async Task A_delay_ends_when_its_time_has_come_and_not_before()
    {
        var delay = Task.Delay(TimeSpan.FromSeconds(10), time, TestContext.Current.CancellationToken);

        time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(delay.IsCompleted);

        time.Advance(TimeSpan.FromSeconds(1));
        await delay.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_periodic_timer_sees_each_of_its_due_times()
    {
        var start = time.GetUtcNow();
        var seen = new List<TimeSpan>();
        using var timer = time.CreateTimer(
            _ => seen.Add(time.GetUtcNow() - start), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));

        time.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal([1, 3, 5], seen.Select(s => s.TotalSeconds));
    }
}
