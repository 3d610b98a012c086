using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Testing;

namespace Gatehouse.Identity.Tests.Jobs;

public sealed class PruneSessionsTests
{
    private const string Email = "ada@example.org";

    [OnEveryDatabase]
    public async Task Sessions_that_are_over_go_after_30_days_with_their_tokens_and_others_keep_what_they_need(
        DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        // Idle for 30 days it is over, and 30 more it is kept; the other is used all along.
        await identity.Login(Email);
        var used = await identity.Login(Email);
        foreach (var _ in Enumerable.Range(0, 3))
        {
            identity.Time.Jump(TimeSpan.FromDays(19));
            used = (await identity.Refresh(used.RefreshToken)).Value;
        }

        Assert.Equal("0 sessions and 2 refresh tokens deleted", await Prune(identity));

        identity.Time.Jump(TimeSpan.FromDays(4));
        Assert.Equal("1 sessions and 1 refresh tokens deleted", await Prune(identity));
        Assert.Equal(2, await identity.Count("SELECT count(*) FROM refresh_tokens"));
        Assert.Null((await identity.Refresh(used.RefreshToken)).Problem);
    }

    private static Task<string> Prune(TestIdentity identity) => identity.Get<IEnumerable<ISchedule>>()
        .Single(schedule => schedule.Name == "identity.prune-sessions").Run(CancellationToken.None);
}
