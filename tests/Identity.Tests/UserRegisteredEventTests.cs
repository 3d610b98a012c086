using Gatehouse.Contracts.Identity;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Tests;

public sealed class UserRegisteredEventTests
{
    [Fact]
    public void Its_time_is_written_in_utc_with_z()
    {
        var now = new DateTimeOffset(2026, 3, 1, 14, 30, 0, TimeSpan.FromHours(2));

        var json = UserRegisteredEvent.Of(UserId.New(now), "ann@example.org", null, now).ToJson();

        Assert.Contains("\"occurredAt\":\"2026-03-01T12:30:00Z\"", json, StringComparison.Ordinal);
    }
}
