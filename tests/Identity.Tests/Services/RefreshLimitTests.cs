using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Limits;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Identity.Tests.Services;

/// <summary>What a session in a loop leaves behind.</summary>
public sealed class RefreshLimitTests
{
    private const string Email = "ada@example.org";

    [OnEveryDatabase]
    public async Task A_session_keeps_the_tokens_of_a_thousand_generations(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        var other = await identity.Login(Email);
        var first = await identity.Login(Email);
        var second = (await identity.Refresh(first.RefreshToken)).Value;
        await identity.Execute("UPDATE sessions SET generation = 1000 WHERE generation = 1");
        await identity.Execute("UPDATE refresh_tokens SET generation = 1000 WHERE generation = 1");

        var third = (await identity.Refresh(second.RefreshToken)).Value;
        Assert.Equal(3, await identity.Count("SELECT count(*) FROM refresh_tokens"));
        Assert.Equal("invalid_refresh_token", (await identity.Refresh(first.RefreshToken)).Problem?.Code.Name);
        Assert.Null((await identity.Refresh(third.RefreshToken)).Problem);
        Assert.Null((await identity.Refresh(other.RefreshToken)).Problem);
    }

    [OnEveryDatabase]
    public async Task A_session_moves_on_sixty_times_an_hour_and_who_repeats_a_token_is_found_out_still(
        DatabaseProvider provider)
    {
        var database = TestDatabase.Create(provider);
        await using var identity = await TestIdentity.Start(database, database, limits: new LimitsOptions());
        await identity.AddAccount(Email);
        var other = await identity.Login(Email);
        var first = await identity.Login(Email);
        // Two tabs and a lost answer are one.
        var lines = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => identity.Refresh(first.RefreshToken)));
        var newest = lines[0].Value;
        for (var i = 1; i < 60; i++)
        {
            newest = (await identity.Refresh(newest.RefreshToken)).Value;
        }

        var refused = (await identity.Refresh(newest.RefreshToken)).Problem!;
        Assert.Equal(ProblemCodes.RateLimited, refused.Code);
        Assert.InRange(refused.RetryAfter!.Value, TimeSpan.FromMinutes(59), TimeSpan.FromHours(1));
        Assert.Null((await identity.Refresh(other.RefreshToken)).Problem);
        identity.Time.Jump(TimeSpan.FromHours(1));
        Assert.Null((await identity.Refresh(newest.RefreshToken)).Problem);

        Assert.Equal("refresh_reused", (await identity.Refresh(first.RefreshToken)).Problem?.Code.Name);
    }
}
