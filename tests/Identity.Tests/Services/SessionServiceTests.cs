using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Audit;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Identity.Tests.Services;

public sealed class SessionServiceTests
{
    private const string Email = "ada@example.org";
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [OnEveryDatabase]
    [Trait("ASVS", "6.3.8")]
    public async Task Wrong_unknown_and_disabled_are_told_alike(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        await identity.AddAccount("gone@example.org");
        await identity.Execute("UPDATE users SET disabled_at = created_at WHERE email = 'gone@example.org'");

        var problems = new List<Problem?>();
        foreach (var (email, password) in new[]
        {
            (Email, "wrong password"),
            ("nobody@example.org", TestIdentity.Password),
            ("gone@example.org", TestIdentity.Password),
        })
        {
            problems.Add((await identity.Sessions.Login(
                new LoginRequest { Email = email, Password = password }, cancellation)).Problem);
        }

        Assert.Equal("invalid_credentials", problems[0]?.Code.Name);
        Assert.All(problems, problem => Assert.Same(problems[0], problem));
    }

    [OnEveryDatabase]
    public async Task Logins_and_their_ends_are_in_the_audit_log_and_failures_write_alike_for_known_and_unknown(
        DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        var ada = await identity.AddAccount(Email);
        var grant = await identity.Login(Email);
        await identity.Sessions.Login(new LoginRequest { Email = Email, Password = "wrong password" }, cancellation);
        await identity.Sessions.Login(
            new LoginRequest { Email = "nobody@example.org", Password = "wrong password" }, cancellation);
        using var logout = new HttpRequestMessage(HttpMethod.Post, "/auth/logout");
        logout.Headers.TryAddWithoutValidation("Authorization", $"Bearer {grant.AccessToken}");
        logout.Headers.TryAddWithoutValidation("X-Request-Id", "goodbye");
        (await identity.Http.SendAsync(logout, cancellation)).EnsureSuccessStatusCode();

        await using var session = await identity.Database.Read(cancellation);
        var log = await session.Query<string>(
            """
            SELECT action || ' ' || CASE WHEN object LIKE 'session/%' THEN 'session' ELSE object END
                || ' ' || actor_kind || ' ' || COALESCE(CAST(actor AS text), '-')
                || ' ' || COALESCE(request_id, '-') || ' ' || COALESCE(client_address, '-')
            FROM audit_log
            WHERE action <> 'key.made'
            ORDER BY number
            """);

        Assert.Equal(
            [
                $"user.created user/{ada.Id} system - - -",
                $"login.succeeded session system {ada.Id} - -",
                $"login.failed user/{ada.Id} system - - -",
                "login.failed user/unknown system - - -",
                $"session.ended session user {ada.Id} goodbye 127.0.0.1",
            ],
            log);
        Assert.Null((await AuditVerifier.Verify(identity.Database, cancellation)).Fault);
    }

    [OnEveryDatabase]
    public async Task A_login_hashes_again_what_is_weaker_than_today(DatabaseProvider provider)
    {
        await using var database = TestDatabase.Create(provider);
        await using (var before = await TestIdentity.Start(database))
        {
            await before.AddAccount(Email);
        }

        await using var today = await TestIdentity.Start(database, options: new IdentityOptions { BcryptCost = 5 });
        await today.Login(Email);

        Assert.Equal(1, await today.Count("SELECT COUNT(*) FROM users WHERE password_hash LIKE '%$05$%'"));
        await today.Login(Email);
    }

    [OnEveryDatabase]
    [Trait("ASVS", "10.4.5")]
    public async Task A_refresh_token_is_good_once_and_a_late_replay_ends_the_session(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        var other = await identity.Login(Email);
        var login = await identity.Login(Email);
        var second = (await identity.Refresh(login.RefreshToken)).Value;
        identity.Time.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal("refresh_reused", (await identity.Refresh(login.RefreshToken)).Problem?.Code.Name);

        Assert.Equal("invalid_refresh_token", (await identity.Refresh(second.RefreshToken)).Problem?.Code.Name);
        Assert.Null((await identity.Refresh(other.RefreshToken)).Problem);
    }

    [OnEveryDatabase]
    [Trait("ASVS", "10.4.5")]
    public async Task The_owner_is_told_of_a_replay_once_however_often_it_comes(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        var ada = await identity.AddAccount(Email);
        var login = await identity.Login(Email);
        await identity.Refresh(login.RefreshToken);
        identity.Time.Advance(TimeSpan.FromSeconds(11));

        var replays = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => identity.Refresh(login.RefreshToken)));

        Assert.Contains(replays, replay => replay.Problem?.Code.Name == "refresh_reused");
        Assert.All(replays, replay => Assert.Equal(401, replay.Problem?.Code.Status));
        Assert.Equal(1, await identity.Count(
            $"SELECT count(*) FROM outbox WHERE type = 'user.security_notice' AND aggregate_id = '{ada.Id}' " +
            $"AND payload LIKE '%refreshTokenReused%' AND payload LIKE '%{Email}%'"));
        Assert.Equal(1, await identity.Count(
            "SELECT count(*) FROM audit_log WHERE action = 'session.ended' AND after LIKE '%reuse%'"));
    }

    [OnEveryDatabase]
    public async Task The_owner_is_told_of_a_login_on_a_device_that_is_new_and_of_no_other(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        var first = await identity.Login(Email);
        Assert.Equal(0, await SignInMails(identity));

        await identity.Sessions.Login(
            new LoginRequest { Email = Email, Password = TestIdentity.Password, DeviceToken = first.DeviceToken },
            cancellation);
        Assert.Equal(0, await SignInMails(identity));

        var second = await identity.Login(Email);
        Assert.Equal(1, await SignInMails(identity));
        Assert.NotEqual(first.DeviceToken, second.DeviceToken);

        // A device that someone planted is not taken over.
        var planted = new string('A', 43);
        var third = await identity.Sessions.Login(
            new LoginRequest { Email = Email, Password = TestIdentity.Password, DeviceToken = planted }, cancellation);
        Assert.NotEqual(planted, third.Value.DeviceToken);
        Assert.Equal(2, await SignInMails(identity));
    }

    private static Task<long> SignInMails(TestIdentity identity) =>
        identity.Count("SELECT count(*) FROM outbox WHERE type = 'user.new_sign_in'");

    [OnEveryDatabase]
    public async Task Who_lost_the_answer_may_ask_again_for_10_seconds(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        var login = await identity.Login(Email);
        await identity.Refresh(login.RefreshToken);
        identity.Time.Advance(TimeSpan.FromSeconds(10));

        var again = (await identity.Refresh(login.RefreshToken)).Value;

        Assert.Null((await identity.Refresh(again.RefreshToken)).Problem);
    }

    [OnEveryDatabase]
    public async Task Two_generations_back_there_is_no_leeway(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        var first = await identity.Login(Email);
        var second = (await identity.Refresh(first.RefreshToken)).Value;
        var third = (await identity.Refresh(second.RefreshToken)).Value;

        Assert.Equal("refresh_reused", (await identity.Refresh(first.RefreshToken)).Problem?.Code.Name);

        Assert.NotNull((await identity.Refresh(third.RefreshToken)).Problem);
    }

    [OnEveryDatabase]
    public async Task Of_50_refreshes_at_once_one_line_survives(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        var login = await identity.Login(Email);

        var all = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => identity.Refresh(login.RefreshToken)));

        Assert.All(all, refreshed => Assert.Null(refreshed.Problem));
        Assert.Equal(1, await identity.Count("SELECT generation FROM sessions"));
        Assert.Null((await identity.Refresh(all[7].Value.RefreshToken)).Problem);
        identity.Time.Advance(TimeSpan.FromSeconds(11));
        // Its 49 siblings are spent with it: whoever uses one is a second holder.
        Assert.Equal("refresh_reused", (await identity.Refresh(all[8].Value.RefreshToken)).Problem?.Code.Name);
    }

    [OnEveryDatabase]
    [Trait("ASVS", "7.3.2")]
    [Trait("ASVS", "10.4.8")]
    public async Task A_session_comes_to_its_end_however_often_it_is_refreshed(DatabaseProvider provider)
    {
        await using var database = TestDatabase.Create(provider);
        await using var identity = await TestIdentity.Start(
            database, options: new IdentityOptions { BcryptCost = 4, SessionDays = 5, SessionIdleDays = 2 });
        await identity.AddAccount(Email);
        var busy = await identity.Login(Email);
        for (var hour = 1; hour < 5 * 24; hour++)
        {
            identity.Time.Jump(TimeSpan.FromHours(1));
            busy = (await identity.Refresh(busy.RefreshToken)).Value;
        }

        identity.Time.Jump(TimeSpan.FromHours(1));
        Assert.Equal("invalid_refresh_token", (await identity.Refresh(busy.RefreshToken)).Problem?.Code.Name);
    }

    [OnEveryDatabase]
    [Trait("ASVS", "7.3.1")]
    public async Task A_session_ends_without_use_and_in_any_case(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        var idle = await identity.Login(Email);
        var busy = await identity.Login(Email);
        for (var day = 0; day < 80; day += 20)
        {
            identity.Time.Jump(TimeSpan.FromDays(20));
            busy = (await identity.Refresh(busy.RefreshToken)).Value;
        }

        Assert.Equal("invalid_refresh_token", (await identity.Refresh(idle.RefreshToken)).Problem?.Code.Name);
        identity.Time.Jump(TimeSpan.FromDays(10));
        Assert.Equal("invalid_refresh_token", (await identity.Refresh(busy.RefreshToken)).Problem?.Code.Name);
    }

    [OnEveryDatabase]
    [Trait("ASVS", "7.4.1")]
    public async Task Logout_and_disabling_end_the_refresh_at_once(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        var left = await identity.Login(Email);
        var stays = await identity.Login(Email);
        var logout = new HttpRequestMessage(HttpMethod.Post, "/auth/logout");
        logout.Headers.Add("Authorization", $"Bearer {left.AccessToken}");
        await identity.Http.SendAsync(logout, cancellation);

        Assert.Equal("invalid_refresh_token", (await identity.Refresh(left.RefreshToken)).Problem?.Code.Name);
        stays = (await identity.Refresh(stays.RefreshToken)).Value;

        await identity.Execute("UPDATE users SET disabled_at = created_at");
        Assert.Equal("invalid_refresh_token", (await identity.Refresh(stays.RefreshToken)).Problem?.Code.Name);
    }

    [Theory]
    [InlineData("short")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\0")]
    public async Task A_made_up_refresh_token_is_not_valid(string token)
    {
        await using var identity = await TestIdentity.Start(DatabaseProvider.Sqlite);

        Assert.Equal("invalid_refresh_token", (await identity.Refresh(token)).Problem?.Code.Name);
    }
}
