using System.Net;
using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Data;
using Gatehouse.Identity.Domain;
using Gatehouse.Identity.Services;
using Gatehouse.Kernel;
using Gatehouse.Testing;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Gatehouse.Identity.Tests.Services;

/// <summary>One key follows another: nobody meets a new one unprepared, and no token dies before its time.</summary>
public sealed class KeyRotationServiceTests
{
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(5);
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [OnEveryDatabase]
    public async Task New_key_is_published_before_it_signs_and_the_old_one_until_its_last_token_ends(
        DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount("ada@example.org");
        var login = await identity.Login("ada@example.org");
        var (first, next) = (KidOf(login), (await Keys(identity).Rotate(cancellation)).Value);

        await WaitFor(identity, next.Kid);
        Assert.Equal(first, KidOf(await identity.Login("ada@example.org")));

        await Pass(identity, Ahead - TimeSpan.FromSeconds(1));
        var last = await identity.Login("ada@example.org");
        Assert.Equal(first, KidOf(last));
        await Pass(identity, TimeSpan.FromSeconds(1));
        var newest = await identity.Login("ada@example.org");
        Assert.Equal(next.Kid, KidOf(newest));
        await Is(HttpStatusCode.OK, identity, last, newest);

        // Ten minutes a token lives, and then its key goes.
        await Pass(identity, TimeSpan.FromSeconds(9 * 60));
        await Is(HttpStatusCode.OK, identity, last, newest);
        await Pass(identity, SigningKey.KeptFor);
        Assert.Equal([next.Kid], await Published(identity));
        await identity.Get<KeyRotationService>().Tend(cancellation);
        Assert.Equal(1, await identity.Count("SELECT COUNT(*) FROM signing_keys"));
    }

    [OnEveryDatabase]
    public async Task Of_many_who_rotate_at_once_one_does_and_a_second_time_is_refused(DatabaseProvider provider)
    {
        await using var database = TestDatabase.Create(provider);
        await using var here = await TestIdentity.Start(database);
        await using var there = await TestIdentity.Start(database);
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            Keys(i % 2 == 0 ? here : there).Rotate(cancellation)));

        Assert.Single(all, one => !one.Failed(out _));
        Assert.All(all.Where(one => one.Failed(out _)), one => Assert.Equal(ProblemCodes.Conflict, one.Problem!.Code));
        Assert.Equal(2, await here.Count("SELECT COUNT(*) FROM signing_keys"));
        Assert.Equal(1, await here.Count("SELECT COUNT(*) FROM audit_log WHERE action = 'key.rotated'"));
    }

    [OnEveryDatabase]
    public async Task Instance_that_did_not_rotate_signs_with_the_new_key_when_its_time_comes(DatabaseProvider provider)
    {
        await using var database = TestDatabase.Create(provider);
        await using var here = await TestIdentity.Start(database);
        await using var there = await TestIdentity.Start(database);
        await here.AddAccount("ada@example.org");
        var next = (await Keys(here).Rotate(cancellation)).Value;

        await WaitFor(there, next.Kid);
        await Pass(there, Ahead);
        await Pass(here, Ahead);
        var login = await there.Login("ada@example.org");
        Assert.Equal(next.Kid, KidOf(login));
        await Is(HttpStatusCode.OK, here, login);
    }

    [Fact]
    public async Task Instance_that_has_lost_its_database_signs_nothing_once_its_memory_is_old()
    {
        await using var identity = await TestIdentity.Start(DatabaseProvider.Sqlite);
        var keys = identity.Get<SigningKeyService>();
        await keys.Signer(cancellation);
        await identity.Execute("ALTER TABLE signing_keys RENAME TO elsewhere");
        identity.Time.Advance(MaxAge - TimeSpan.FromSeconds(1));
        await keys.Signer(cancellation);
        identity.Time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAnyAsync<Exception>(async () => await keys.Signer(cancellation));
    }

    [OnEveryDatabase]
    public async Task Replaced_key_takes_its_tokens_with_it_and_sessions_go_on(DatabaseProvider provider)
    {
        await using var database = TestDatabase.Create(provider);
        await using var here = await TestIdentity.Start(database);
        await using var there = await TestIdentity.Start(database);
        await here.AddAccount("ada@example.org");
        var stolen = await here.Login("ada@example.org");
        await Is(HttpStatusCode.OK, here, stolen);
        await Is(HttpStatusCode.OK, there, stolen);

        var next = await Keys(here).Replace(cancellation);

        await WaitFor(here, next.Kid);
        await Is(HttpStatusCode.OK, here, (await here.Refresh(stolen.RefreshToken)).Value, next.Kid);
        await Is(HttpStatusCode.Unauthorized, here, stolen);
        await Poll.Until(
            async () =>
            {
                there.Time.Advance(TimeSpan.FromSeconds(30));
                return (await there.GetWith("/auth/me", stolen.AccessToken)).StatusCode == HttpStatusCode.Unauthorized;
            },
            TimeSpan.FromSeconds(10),
            "the other instance to hear of it");
        Assert.True(there.Time.GetUtcNow() - here.Time.GetUtcNow() < TimeSpan.FromMinutes(9));
    }

    [OnEveryDatabase]
    public async Task Of_many_who_replace_at_once_each_keeps_its_key_until_the_next_takes_its_place(
        DatabaseProvider provider)
    {
        await using var database = TestDatabase.Create(provider);
        await using var here = await TestIdentity.Start(database);
        await using var there = await TestIdentity.Start(database);
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            Keys(i % 2 == 0 ? here : there).Replace(cancellation)));

        var kept = Assert.Single(await Keys(here).List(cancellation));
        Assert.Contains(kept.Kid, all.Select(key => key.Kid));
        // Each revoked the one before it, the first one of them that of the start.
        Assert.Equal(8, await here.Count(
            """SELECT count(*) FROM audit_log WHERE action = 'key.replaced' AND before LIKE '%"revoked":1}%'"""));
    }

    [Fact]
    public async Task Key_past_its_days_is_followed_by_another_one_without_being_told()
    {
        await using var database = TestDatabase.Create(DatabaseProvider.Sqlite);
        await using var identity = await TestIdentity.Start(
            database, options: new IdentityOptions { BcryptCost = 4, KeyRotationDays = 1 });
        var rotation = identity.Get<KeyRotationService>();
        identity.Time.Advance(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1));
        Assert.Equal("0 keys made and 0 deleted", await rotation.Tend(cancellation));
        identity.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("1 keys made and 0 deleted", await rotation.Tend(cancellation));
        Assert.Equal("0 keys made and 0 deleted", await rotation.Tend(cancellation));
    }

    [OnEveryDatabase]
    public async Task Installation_that_changes_to_rs256_takes_tokens_of_both_kinds_meanwhile(DatabaseProvider provider)
    {
        await using var database = TestDatabase.Create(provider);
        await using var before = await TestIdentity.Start(database);
        await before.AddAccount("ada@example.org");
        var old = await before.Login("ada@example.org");
        await using var after = await TestIdentity.Start(database, options: new IdentityOptions
        {
            BcryptCost = 4,
            SigningAlgorithm = SigningAlgorithm.Rs256,
        });

        await after.Get<KeyRotationService>().Tend(cancellation);
        var next = (await Keys(after).List(cancellation)).Single(key => key.Algorithm == "RS256");
        foreach (var identity in new[] { before, after })
        {
            await WaitFor(identity, next.Kid);
            await Pass(identity, Ahead - TimeSpan.FromMinutes(1));
            await Is(HttpStatusCode.OK, identity, old);
            await Pass(identity, TimeSpan.FromMinutes(1));
        }

        var login = await after.Login("ada@example.org");
        Assert.Equal("RS256", new JsonWebToken(login.AccessToken).Alg);
        await Is(HttpStatusCode.OK, before, login);
        await Is(HttpStatusCode.OK, after, login);
    }

    private static ISigningKeys Keys(TestIdentity identity) => identity.Get<ISigningKeys>();

    private static string KidOf(TokenGrant grant) => new JsonWebToken(grant.AccessToken).Kid;

    private async Task<IEnumerable<string>> Published(TestIdentity identity) =>
        (await identity.Get<ITokenKeys>().Published(cancellation)).Keys.Select(key => key.Kid);

    /// <summary>As its own memory has it, which is read anew in the background.</summary>
    private async Task WaitFor(TestIdentity identity, string kid)
    {
        await identity.Get<SigningKeyService>().Reload(cancellation);
        Assert.Contains(kid, await Published(identity));
    }

    private async Task Pass(TestIdentity identity, TimeSpan time)
    {
        identity.Time.Advance(time);
        await identity.Get<SigningKeyService>().Reload(cancellation);
    }

    private static async Task Is(HttpStatusCode expected, TestIdentity at, TokenGrant grant, string kid)
    {
        Assert.Equal(kid, KidOf(grant));
        await Is(expected, at, grant);
    }

    private static async Task Is(HttpStatusCode expected, TestIdentity at, params TokenGrant[] grants)
    {
        foreach (var grant in grants)
        {
            Assert.Equal(expected, (await at.GetWith("/auth/me", grant.AccessToken)).StatusCode);
        }
    }
}
