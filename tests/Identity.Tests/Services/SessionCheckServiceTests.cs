using System.Net;
using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Identity.Tests.Services;

/// <summary>
/// Two instances on one database and nothing else in common: what one ends, the other learns within the bound, and at
/// once where more than an account is asked for.
/// </summary>
public sealed class SessionCheckServiceTests
{
    private const string Ordinary = "/auth/me";
    private const string NeedsRole = "/test/organizer";
    private static readonly TimeSpan Bound = SessionCheckBound.Age;

    [OnEveryDatabase]
    [Trait("ASVS", "7.4.1")]
    public async Task Access_token_outlives_its_session_by_30_seconds_at_most(DatabaseProvider provider)
    {
        await using var database = TestDatabase.Create(provider);
        await using var here = await TestIdentity.Start(database);
        await using var there = await TestIdentity.Start(database);
        await here.AddAccount("ada@example.org", Role.Organizer);
        var (left, kept) = (await here.Login("ada@example.org"), await here.Login("ada@example.org"));
        await Is(HttpStatusCode.OK, there, left, Ordinary, NeedsRole);

        (await here.Post("/auth/logout", "", left.AccessToken)).EnsureSuccessStatusCode();

        await Is(HttpStatusCode.Unauthorized, there, left, NeedsRole, "/auth/session");
        there.Time.Advance(Bound);
        await Is(HttpStatusCode.Unauthorized, there, left, Ordinary, NeedsRole);
        await Is(HttpStatusCode.OK, there, kept, Ordinary, NeedsRole);
    }

    [OnEveryDatabase]
    [Trait("ASVS", "7.4.2")]
    public async Task Every_token_of_a_disabled_account_dies_within_30_seconds(DatabaseProvider provider)
    {
        await using var database = TestDatabase.Create(provider);
        await using var here = await TestIdentity.Start(database);
        await using var there = await TestIdentity.Start(database);
        await here.AddAccount("ada@example.org", Role.Organizer);
        await here.AddAccount("bob@example.org");
        var tokens = new[] { await here.Login("ada@example.org"), await here.Login("ada@example.org") };
        var other = await here.Login("bob@example.org");
        foreach (var token in tokens)
        {
            await Is(HttpStatusCode.OK, there, token, Ordinary, NeedsRole);
        }

        await here.Execute(
            "UPDATE users SET disabled_at = @now WHERE email = 'ada@example.org'", new { now = here.Time.GetUtcNow() });

        there.Time.Advance(Bound);
        foreach (var token in tokens)
        {
            await Is(HttpStatusCode.Unauthorized, there, token, Ordinary, NeedsRole);
            Assert.True((await there.Refresh(token.RefreshToken)).Failed(out _));
        }

        await Is(HttpStatusCode.OK, there, other, Ordinary);
    }

    [OnEveryDatabase]
    [Trait("ASVS", "8.3.2")]
    public async Task Token_of_yesterdays_role_is_refused_at_once_where_the_role_is_asked_for(DatabaseProvider provider)
    {
        await using var database = TestDatabase.Create(provider);
        await using var here = await TestIdentity.Start(database);
        await using var there = await TestIdentity.Start(database);
        await here.AddAccount("ada@example.org", Role.Admin);
        var before = await here.Login("ada@example.org");
        await Is(HttpStatusCode.OK, there, before, NeedsRole, Ordinary);

        await here.Execute("UPDATE users SET role = 'user' WHERE email = 'ada@example.org'");

        await Is(HttpStatusCode.Unauthorized, there, before, NeedsRole);
        there.Time.Advance(Bound);
        await Is(HttpStatusCode.Unauthorized, there, before, Ordinary);
        var after = (await there.Refresh(before.RefreshToken)).Value;
        await Is(HttpStatusCode.OK, there, after, Ordinary);
        await Is(HttpStatusCode.Forbidden, there, after, NeedsRole);
    }

    [Fact]
    public async Task Sessions_past_their_idle_time_are_over_though_nothing_ended_them()
    {
        await using var database = TestDatabase.Create(DatabaseProvider.Sqlite);
        await using var identity = await TestIdentity.Start(
            database, options: new IdentityOptions { BcryptCost = 4, SessionIdleDays = 1 });
        var account = await identity.AddAccount("ada@example.org");
        var token = await identity.Login("ada@example.org");
        var session = new SessionId(await identity.First<Guid>("SELECT id FROM sessions"));
        var caller = new Caller(new UserId(account.Id), Role.User, session);
        var checks = identity.Get<ISessionChecks>();
        Assert.True(await IsGood(atOnce: true));

        identity.Time.Advance(TimeSpan.FromDays(1));
        Assert.False(await IsGood(atOnce: true));
        Assert.False(await IsGood(atOnce: false));

        ValueTask<bool> IsGood(bool atOnce) =>
            checks.IsGood(caller, token.AccessToken, atOnce, TestContext.Current.CancellationToken);
    }

    private static async Task Is(
        HttpStatusCode expected, TestIdentity at, TokenGrant grant, params string[] paths)
    {
        foreach (var path in paths)
        {
            using var answer = await at.GetWith(path, grant.AccessToken);
            Assert.True(
                answer.StatusCode == expected ||
                (expected == HttpStatusCode.OK && answer.StatusCode == HttpStatusCode.NoContent),
                $"{path}: {answer.StatusCode}, expected {expected}");
        }
    }
}
