using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Tests.Domain;

public sealed class SessionTests
{
    private static readonly DateTimeOffset Now = new(2030, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly SessionLimits Limits = new(TimeSpan.FromDays(30), TimeSpan.FromDays(90));

    [Theory]
    [InlineData(4, 0, true)]
    [InlineData(4, 10, true)]
    [InlineData(4, 11, false)]
    [InlineData(3, 0, false)]
    [InlineData(0, 10, false)]
    public void A_spent_token_is_good_again_only_one_generation_back_and_for_10_seconds(
        int tokenGeneration, int secondsLater, bool inLeeway) =>
        Assert.Equal(
            inLeeway ? SpentToken.InLeeway : SpentToken.Reused,
            SessionOf(generation: 5).Judge(tokenGeneration, Now.AddSeconds(secondsLater)));

    [Fact]
    public void A_session_is_over_when_idle_or_old_or_ended()
    {
        Assert.False(SessionOf(5).IsOver(Limits, Now.AddDays(30).AddSeconds(-1)));
        Assert.True(SessionOf(5).IsOver(Limits, Now.AddDays(30)));
        Assert.True(SessionOf(5, expiresAt: Now.AddHours(1)).IsOver(Limits, Now.AddHours(1)));
        Assert.True(SessionOf(5, endedAt: Now).IsOver(Limits, Now));
    }

    private static Session SessionOf(
        int generation, DateTimeOffset? expiresAt = null, DateTimeOffset? endedAt = null) =>
        Session.Of(SessionId.New(Now), UserId.New(Now), generation, Now, expiresAt ?? Now.AddDays(90), endedAt);
}
