using System.Net;
using System.Net.Http.Json;
using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Identity.Services;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Identity.Tests.Http;

/// <summary>What people see of their logins and do to them.</summary>
public sealed class OwnSessionTests
{
    private const string Email = "ada@example.org";
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [OnEveryDatabase]
    [Trait("ASVS", "7.5.2")]
    public async Task People_see_their_sessions_and_end_one_and_the_rest_goes_on(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        await identity.AddAccount("eve@example.org");
        await identity.Login("eve@example.org");
        var phone = await identity.Login(Email);
        identity.Time.Advance(TimeSpan.FromMinutes(1));
        var laptop = await identity.Login(Email);
        var here = As(identity, laptop);

        var sessions = await List(here);
        Assert.Equal([true, false], sessions.Select(session => session.Current));
        var other = sessions[1];
        Assert.Equal(identity.Time.GetUtcNow() - TimeSpan.FromMinutes(1), other.CreatedAt);
        Assert.Equal(other.CreatedAt, other.LastUsedAt);
        Assert.Equal(other.CreatedAt.AddDays(30), other.ExpiresAt);

        Assert.Equal(HttpStatusCode.NoContent, await End(here, $"{other.Id}"));
        Assert.Equal(HttpStatusCode.NoContent, await End(here, $"{other.Id}"));
        Assert.Single(await List(here));
        Assert.Equal("invalid_refresh_token", (await identity.Refresh(phone.RefreshToken)).Problem?.Code.Name);
        Assert.Null((await identity.Refresh(laptop.RefreshToken)).Problem);
        Assert.Equal(1, await identity.Count(
            $"SELECT count(*) FROM audit_log WHERE action = 'session.ended' AND object = 'session/{other.Id}'"));
    }

    [OnEveryDatabase]
    [Trait("ASVS", "8.2.2")]
    public async Task Someone_elses_session_answers_like_none(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        await identity.AddAccount("eve@example.org");
        var hers = await identity.Login(Email);
        var id = (await List(As(identity, hers)))[0].Id;
        var eve = As(identity, await identity.Login("eve@example.org"));

        foreach (var wanted in new[] { $"{id}", $"{Ids.New(identity.Time.GetUtcNow())}", "nonsense" })
        {
            var answer = await eve.Send(HttpMethod.Delete, $"/auth/sessions/{wanted}");
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.Contains(
                "There is no such session.", await answer.Content.ReadAsStringAsync(cancellation),
                StringComparison.Ordinal);
        }

        Assert.Null((await identity.Refresh(hers.RefreshToken)).Problem);
    }

    [OnEveryDatabase]
    [Trait("ASVS", "7.4.3")]
    public async Task Ending_all_others_leaves_this_one(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        await identity.AddAccount("eve@example.org");
        var eve = await identity.Login("eve@example.org");
        var others = new[] { await identity.Login(Email), await identity.Login(Email) };
        var mine = await identity.Login(Email);

        var ended = await As(identity, mine).Send(HttpMethod.Delete, "/auth/sessions");

        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        foreach (var other in others)
        {
            Assert.Equal("invalid_refresh_token", (await identity.Refresh(other.RefreshToken)).Problem?.Code.Name);
        }

        Assert.Null((await identity.Refresh(mine.RefreshToken)).Problem);
        Assert.Null((await identity.Refresh(eve.RefreshToken)).Problem);
        Assert.Equal(1, await identity.Count("SELECT count(*) FROM audit_log WHERE action = 'sessions.ended'"));
    }

    [Fact]
    [Trait("ASVS", "7.4.1")]
    public async Task A_session_that_has_just_ended_changes_nothing_any_more()
    {
        await using var identity = await TestIdentity.Start(DatabaseProvider.Sqlite);
        await identity.AddAccount(Email);
        var here = As(identity, await identity.Login(Email));
        await List(here);
        // As by another instance: this one has not heard of it.
        await identity.Execute("UPDATE sessions SET ended_at = created_at");
        await List(here);

        foreach (var (method, path) in new[]
        {
            (HttpMethod.Delete, "/auth/sessions"),
            (HttpMethod.Delete, $"/auth/sessions/{Guid.NewGuid()}"),
            (HttpMethod.Post, "/auth/reauthenticate"),
            (HttpMethod.Post, "/auth/second-factor"),
            (HttpMethod.Post, "/auth/second-factor/confirm"),
            (HttpMethod.Post, "/auth/second-factor/recovery-codes"),
            (HttpMethod.Delete, "/auth/second-factor"),
        })
        {
            var json = method == HttpMethod.Post ? JsonContent.Create(new { password = "x", code = "123456" }) : null;
            var answer = await here.Send(method, path, json);
            Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"{method} {path}: {answer.StatusCode}");
            Assert.Contains(
                "invalid_token", await answer.Content.ReadAsStringAsync(cancellation), StringComparison.Ordinal);
        }
    }

    [OnEveryDatabase]
    [Trait("ASVS", "7.2.4")]
    public async Task Each_login_is_a_session_of_its_own_that_says_where_it_is(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        identity.Http.DefaultRequestHeaders.TryAddWithoutValidation(
            "User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
        var first = await Grant(await new Browser(identity).LogIn(Email));
        var second = await Grant(await (As(identity, first)).LogIn(Email));

        Assert.NotEqual(SessionOf(first), SessionOf(second));
        Assert.NotEqual(first.RefreshToken, second.RefreshToken);
        Assert.All(await List(As(identity, second)), session =>
            Assert.Equal(("Firefox on Linux", "127.0.0.1"), (session.Device, session.Address)));

        // It shows where the client is now.
        identity.Http.DefaultRequestHeaders.Remove("User-Agent");
        identity.Http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", "curl/8.5.0");
        await new Browser(identity).Post("/auth/refresh", $$"""{"refreshToken":"{{second.RefreshToken}}"}""");
        Assert.Equal("curl", (await List(As(identity, second))).Single(session => session.Current).Device);
    }

    [OnEveryDatabase]
    public async Task An_account_has_so_many_sessions_and_the_one_not_used_for_longest_goes(DatabaseProvider provider)
    {
        await using var database = TestDatabase.Create(provider);
        await using var identity = await TestIdentity.Start(
            database, options: new IdentityOptions { BcryptCost = 4, SessionsMax = 3 });
        await identity.AddAccount(Email);
        var logins = new List<TokenGrant>();
        for (var i = 0; i < 3; i++)
        {
            logins.Add(await identity.Login(Email));
            identity.Time.Advance(TimeSpan.FromMinutes(1));
        }

        logins[0] = (await identity.Refresh(logins[0].RefreshToken)).Value;
        await identity.Login(Email);

        Assert.Equal(3, await identity.Count("SELECT count(*) FROM sessions"));
        Assert.Equal("invalid_refresh_token", (await identity.Refresh(logins[1].RefreshToken)).Problem?.Code.Name);
        Assert.Null((await identity.Refresh(logins[0].RefreshToken)).Problem);
        Assert.Null((await identity.Refresh(logins[2].RefreshToken)).Problem);
        Assert.Equal(1, await identity.Count(
            """SELECT count(*) FROM audit_log WHERE action = 'session.ended' AND after LIKE '%crowded%'"""));
    }

    [OnEveryDatabase]
    [Trait("ASVS", "7.5.1")]
    public async Task Showing_the_password_again_is_what_a_session_gets_old_without(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        var login = await identity.Login(Email);
        var here = As(identity, login);
        var (session, recent) = (SessionOf(login), identity.Get<RecentSignIn>());
        Assert.Null(await recent.Refusal(session, cancellation));
        // It signs no less than 10 minutes, and no more: a fresh access token of the same session changes nothing.
        identity.Time.Advance(TimeSpan.FromMinutes(9));
        here = As(identity, (await identity.Refresh(login.RefreshToken)).Value);
        identity.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("reauth_required", (await recent.Refusal(session, cancellation))?.Code.Name);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, await Again(here, "{}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await Again(here, """{"password":"not the password"}"""));
        Assert.NotNull(await recent.Refusal(session, cancellation));
        var right = $$"""{"password":"{{TestIdentity.Password}}"}""";
        Assert.Equal(HttpStatusCode.NoContent, await Again(here, right));
        Assert.Null(await recent.Refusal(session, cancellation));

        Assert.Equal(1, await identity.Count(
            "SELECT count(*) FROM audit_log WHERE action = 'reauthentication.succeeded'"));
        Assert.Equal(1, await identity.Count(
            "SELECT count(*) FROM audit_log WHERE action = 'reauthentication.failed'"));
        await identity.Sessions.Logout(session, cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, await Again(here, right));
    }

    [OnEveryDatabase]
    public async Task A_device_is_known_until_nobody_has_signed_in_on_it_for_a_year(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        var known = (await identity.Login(Email)).DeviceToken;
        await identity.Login(Email);
        identity.Time.Jump(TimeSpan.FromDays(200));
        await identity.Sessions.Login(
            new LoginRequest { Email = Email, Password = TestIdentity.Password, DeviceToken = known }, cancellation);
        Assert.Equal(2, await identity.Count("SELECT count(*) FROM devices"));
        Assert.Equal(0, await identity.Count($"SELECT count(*) FROM devices WHERE hash = '{known}'"));

        identity.Time.Jump(TimeSpan.FromDays(170));
        var schedule = identity.Get<IEnumerable<ISchedule>>().Single(one => one.Name == "identity.prune-devices");

        Assert.Equal("1 devices forgotten", await schedule.Run(cancellation));
        Assert.Equal(1, await identity.Count("SELECT count(*) FROM devices"));
    }

    [OnEveryDatabase]
    public async Task An_account_has_fifty_devices_at_most(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        for (var i = 0; i < 52; i++)
        {
            await identity.Login(Email);
        }

        Assert.Equal(50, await identity.Count("SELECT count(*) FROM devices"));
    }

    private static Browser As(TestIdentity identity, TokenGrant grant) => new(identity) { Token = grant.AccessToken };

    private static async Task<HttpStatusCode> End(Browser browser, string session) =>
        (await browser.Send(HttpMethod.Delete, $"/auth/sessions/{session}")).StatusCode;

    private static async Task<HttpStatusCode> Again(Browser browser, string json) =>
        (await browser.Post("/auth/reauthenticate", json)).StatusCode;

    private async Task<IReadOnlyList<OwnSession>> List(Browser browser)
    {
        var answer = await browser.Send(HttpMethod.Get, "/auth/sessions");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync(IdentityJson.Default.OwnSessions, cancellation))!.Items;
    }

    private async Task<TokenGrant> Grant(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync(IdentityJson.Default.TokenGrant, cancellation))!;

    private static SessionId SessionOf(TokenGrant grant) => new(AccessTokens.Session(grant.AccessToken));
}
