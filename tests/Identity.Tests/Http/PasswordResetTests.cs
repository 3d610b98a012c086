using System.Text.Json;
using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Limits;
using Gatehouse.Identity.Domain;
using Gatehouse.Identity.Services;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Identity.Tests.Http;

public sealed class PasswordResetTests
{
    private const string Email = "ada@example.org";
    private const string Next = "a wholly other passphrase";

    [OnEveryDatabase]
    [Trait("ASVS", "6.4.1")]
    [Trait("ASVS", "6.4.3")]
    public async Task A_link_sets_a_password_once_and_ends_every_session(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        var (laptop, phone) = (await identity.Login(Email), await identity.Login(Email));
        await identity.Execute(
            "INSERT INTO devices (hash, user_id, created_at, last_seen_at) " +
            "SELECT 'd', id, created_at, created_at FROM users");
        var token = await identity.AskForReset(Email);

        await Mailbox.Expect(200, await identity.Reset(token, Next));

        foreach (var session in new[] { laptop, phone })
        {
            Assert.Equal("invalid_refresh_token", (await identity.Refresh(session.RefreshToken)).Problem?.Code.Name);
        }

        Assert.Equal(2, await identity.Count("SELECT COUNT(*) FROM sessions WHERE end_reason = 'password'"));
        // The one that comes from the mail.
        Assert.Equal(1, await identity.Count("SELECT COUNT(*) FROM devices"));
        Assert.Equal(0, await identity.Count("SELECT COUNT(*) FROM devices WHERE hash = 'd'"));
        Assert.Equal(["passwordReset ada@example.org"], await identity.Notices());
        await Mailbox.Expect(401, await LogIn(identity, TestIdentity.Password), "invalid_credentials");
        await Mailbox.Expect(200, await LogIn(identity, Next));
        await Mailbox.Expect(422, await identity.Reset(token, "yet another passphrase"), "invalid_link");
        await Mailbox.Expect(200, await LogIn(identity, Next));
    }

    [OnEveryDatabase]
    [Trait("ASVS", "6.4.1")]
    public async Task A_link_dies_after_15_minutes(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        var (late, early) = (await identity.AskForReset(Email), await identity.AskForReset(Email));
        identity.Time.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromMilliseconds(1));
        await Mailbox.Expect(200, await identity.Reset(early, Next));

        var other = await identity.AskForReset(Email);
        identity.Time.Advance(TimeSpan.FromMinutes(15));
        foreach (var token in new[] { late, other, "no such link" })
        {
            await Mailbox.Expect(422, await identity.Reset(token, Next), "invalid_link");
        }

        await Mailbox.Expect(200, await LogIn(identity, Next));
    }

    [OnEveryDatabase]
    public async Task A_password_that_is_refused_leaves_the_link_good(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        var token = await identity.AskForReset(Email);

        foreach (var weak in new[] { "", "short", "password123", "ada@example.org", new string('x', 129) })
        {
            await Mailbox.Expect(422, await identity.Reset(token, weak), "validation_failed", "newPassword");
        }

        await Mailbox.Expect(200, await LogIn(identity, TestIdentity.Password));
        await Mailbox.Expect(200, await identity.Reset(token, Next));
    }

    [OnEveryDatabase]
    public async Task Of_two_links_or_two_people_with_one_link_at_once_one_wins(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        string[] tokens = [await identity.AskForReset(Email), await identity.AskForReset(Email)];

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(async i => (
            Password: $"passphrase of number {i}",
            Status: (int)(await identity.Reset(tokens[i % 2], $"passphrase of number {i}")).StatusCode)));

        var winner = Assert.Single(answers, answer => answer.Status == 200);
        Assert.All(answers.Where(answer => answer != winner), answer => Assert.Equal(422, answer.Status));
        await Mailbox.Expect(200, await LogIn(identity, winner.Password));
        Assert.Equal(1, await identity.Count("SELECT COUNT(*) FROM outbox WHERE type = 'user.security_notice'"));
        Assert.Equal(1, await identity.Count("SELECT COUNT(*) FROM audit_log WHERE action = 'password.reset'"));
    }

    [OnEveryDatabase]
    [Trait("ASVS", "6.4.3")]
    public async Task A_reset_of_a_confirmed_address_leaves_the_second_factor_on(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        await EnableSecondFactor(identity);

        await Mailbox.Expect(200, await identity.Reset(await identity.AskForReset(Email), Next));

        await Mailbox.Expect(401, await LogIn(identity, Next), "second_factor_required");
        Assert.Equal(1, await identity.Count("SELECT COUNT(*) FROM recovery_codes"));
    }

    [OnEveryDatabase]
    public async Task Who_registered_somebody_elses_address_locks_nobody_out_with_a_second_factor(
        DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.Accounts.Register(
            new RegisterRequest { Email = Email, Password = TestIdentity.Password },
            TestContext.Current.CancellationToken);
        await EnableSecondFactor(identity);

        await Mailbox.Expect(200, await identity.Reset(await identity.AskForReset(Email), Next));

        Assert.Equal(1, await identity.Count("SELECT COUNT(*) FROM users WHERE email_verified_at IS NOT NULL"));
        await Mailbox.Expect(200, await LogIn(identity, Next));
        Assert.Equal(0, await identity.Count("SELECT COUNT(*) FROM authenticators"));
        Assert.Equal(0, await identity.Count("SELECT COUNT(*) FROM recovery_codes"));
        Assert.Equal(1, await identity.Count(
            "SELECT COUNT(*) FROM audit_log " +
            "WHERE action = 'password.reset' AND after LIKE '%\"secondFactorRemoved\":true%'"));
        // Who read the first mail too has nothing in hand.
        await Mailbox.Expect(
            422, await identity.Confirm((await identity.Confirmations(Email))[0]), "invalid_link");
    }

    [OnEveryDatabase]
    public async Task Who_resets_gets_in_however_much_strangers_guess(DatabaseProvider provider)
    {
        await using var database = TestDatabase.Create(provider);
        await using var identity = await TestIdentity.Start(database, limits: new LimitsOptions());
        await identity.AddAccount(Email);
        for (var i = 0; i < 5; i++)
        {
            await Mailbox.Expect(401, await LogIn(identity, "not the password"), "invalid_credentials");
        }

        var answer = await Mailbox.Expect(200, await identity.Reset(await identity.AskForReset(Email), Next));

        var deviceToken = JsonDocument.Parse(answer).RootElement.GetProperty("deviceToken").GetString();
        await Mailbox.Expect(429, await LogIn(identity, Next), "rate_limited");
        await Mailbox.Expect(
            200, await identity.Post("/auth/login", new { email = Email, password = Next, deviceToken }));
    }

    [Fact]
    public async Task A_browser_that_resets_has_its_device_in_a_cookie_and_only_from_our_own_pages()
    {
        await using var identity = await TestIdentity.Start(DatabaseProvider.Sqlite);
        await identity.AddAccount(Email);
        var reset = $$"""
            {"token":"{{await identity.AskForReset(Email)}}","newPassword":"{{Next}}","cookie":true}
            """;
        var foreign = new Browser(identity) { From = ("Sec-Fetch-Site", "cross-site") };
        await Mailbox.Expect(403, await foreign.Post("/auth/reset-password", reset), "bad_origin");

        var answer = await new Browser(identity).Post("/auth/reset-password", reset);

        Assert.Equal("{}", await Mailbox.Expect(200, answer));
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("__Host-device=", cookie, StringComparison.Ordinal);
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
    }

    [OnEveryDatabase]
    public async Task Registering_an_address_over_and_over_takes_no_reset_away(DatabaseProvider provider)
    {
        await using var database = TestDatabase.Create(provider);
        await using var identity = await TestIdentity.Start(database, limits: new LimitsOptions());
        await identity.AddAccount(Email);
        foreach (var path in new[] { "/auth/register", "/auth/verify-email/resend" })
        {
            object body = path == "/auth/register"
                ? new { email = Email, password = TestIdentity.Password }
                : new { email = Email };
            for (var i = 0; i < 5; i++)
            {
                await Mailbox.Expect(202, await identity.Post(path, body));
            }

            await Mailbox.Expect(429, await identity.Post(path, body), "rate_limited");
        }

        await Mailbox.Expect(200, await identity.Reset(await identity.AskForReset(Email), Next));
    }

    [OnEveryDatabase]
    public async Task Nothing_is_reset_for_a_disabled_account_or_an_address_it_no_longer_has(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        var token = await identity.AskForReset(Email);
        await identity.Execute("UPDATE users SET email = 'elsewhere@example.org'");
        await Mailbox.Expect(422, await identity.Reset(token, Next), "invalid_link");

        await identity.Execute("UPDATE users SET email = 'ada@example.org', disabled_at = created_at");
        await Mailbox.Expect(422, await identity.Reset(token, Next), "invalid_link");

        await identity.Execute("UPDATE users SET disabled_at = NULL");
        await Mailbox.Expect(200, await LogIn(identity, TestIdentity.Password));
        // A link for one purpose is none for another.
        await Mailbox.Expect(422, await identity.Confirm(token), "invalid_link");
        await Mailbox.Expect(200, await identity.Reset(token, Next));
    }

    [OnEveryDatabase]
    public async Task A_login_that_began_before_the_reset_starts_no_session_after_it(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        var cancellation = TestContext.Current.CancellationToken;
        var checkedUser = await identity.Get<IUserRepository>().Find(EmailAddress.ParseOrNull(Email)!, cancellation);
        var now = identity.Time.Now();
        var login = new SignIn
        {
            User = checkedUser!,
            Session = Session.Start(checkedUser!.Id, new IdentityOptions().SessionLimits, now),
            First = RefreshToken.New(),
            Device = DeviceToken.New(),
            Client = new Client(null, null),
            Tell = false,
            SessionsMax = 5,
        };
        await Mailbox.Expect(200, await identity.Reset(await identity.AskForReset(Email), Next));

        Assert.Null(await identity.Get<ISignInRepository>().Add(login, cancellation));
        Assert.Equal(0, await identity.Count("SELECT COUNT(*) FROM sessions"));
    }

    private static async Task EnableSecondFactor(TestIdentity identity)
    {
        await identity.Execute(
            "INSERT INTO authenticators (user_id, secret, created_at, confirmed_at) " +
            "SELECT id, 'sealed', created_at, created_at FROM users");
        await identity.Execute("INSERT INTO recovery_codes (user_id, hash) SELECT id, 'hash' FROM users");
    }

    private static Task<HttpResponseMessage> LogIn(TestIdentity identity, string password) =>
        identity.Post("/auth/login", new { email = Email, password });
}
