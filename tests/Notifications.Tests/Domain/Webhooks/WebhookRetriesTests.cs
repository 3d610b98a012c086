using Gatehouse.Notifications.Domain.Webhooks;

namespace Gatehouse.Notifications.Tests.Domain.Webhooks;

public sealed class WebhookRetriesTests
{
    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    public void Ten_attempts_take_about_three_days(double random)
    {
        var waits = Enumerable.Range(1, 9).Select(made => WebhookRetries.After(made, null, random)!.Value).ToList();

        Assert.Null(WebhookRetries.After(10, null, random));
        Assert.Equal(waits.Order(), waits);
        Assert.InRange(waits.Sum(wait => wait.TotalDays), 3, 3.6);
    }

    [Fact]
    public void What_the_endpoint_asks_for_counts_between_the_usual_wait_and_a_day()
    {
        Assert.Equal(TimeSpan.FromSeconds(5), WebhookRetries.After(1, TimeSpan.FromSeconds(-7), 0));
        Assert.Equal(TimeSpan.FromHours(1), WebhookRetries.After(1, TimeSpan.FromHours(1), 0));
        Assert.Equal(TimeSpan.FromHours(24), WebhookRetries.After(1, TimeSpan.FromDays(1000), 0));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(400, 10)]
    [InlineData(1_000_000, 120)]
    public void The_more_wait_for_an_endpoint_the_longer_they_stay_away(int waiting, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), WebhookRetries.WhileBusy(waiting, places: 4));
}
