using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Data;
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

        await Mailbox.Expect(204, await identity.Reset(token, Next));

        foreach (var session in new[] { laptop, phone })
        {
            Assert.Equal("invalid_refresh_token", (await identity.Refresh(session.RefreshToken)).Problem?.Code.Name);
        }

        Assert.Equal(2, await identity.Count("SELECT COUNT(*) FROM sessions WHERE end_reason = 'password'"));
        Assert.Equal(0, await identity.Count("SELECT COUNT(*) FROM devices"));
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
        await Mailbox.Expect(204, await identity.Reset(early, Next));

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
        await Mailbox.Expect(204, await identity.Reset(token, Next));
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

        var winner = Assert.Single(answers, answer => answer.Status == 204);
        Assert.All(answers.Where(answer => answer != winner), answer => Assert.Equal(422, answer.Status));
        await Mailbox.Expect(200, await LogIn(identity, winner.Password));
        Assert.Equal(1, await identity.Count("SELECT COUNT(*) FROM outbox WHERE type = 'user.security_notice'"));
        Assert.Equal(1, await identity.Count("SELECT COUNT(*) FROM audit_log WHERE action = 'password.reset'"));
    }

    [OnEveryDatabase]
    [Trait("ASVS", "6.4.3")]
    public async Task A_reset_confirms_the_address_and_leaves_the_second_factor_on(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.Accounts.Register(
            new RegisterRequest { Email = Email, Password = TestIdentity.Password },
            TestContext.Current.CancellationToken);
        await identity.Execute(
            "INSERT INTO authenticators (user_id, secret, created_at, confirmed_at) " +
            "SELECT id, 'sealed', created_at, created_at FROM users");

        await Mailbox.Expect(204, await identity.Reset(await identity.AskForReset(Email), Next));

        Assert.Equal(1, await identity.Count("SELECT COUNT(*) FROM users WHERE email_verified_at IS NOT NULL"));
        await Mailbox.Expect(401, await LogIn(identity, Next), "second_factor_required");
        // Who read the first mail too has nothing in hand.
        await Mailbox.Expect(
            422, await identity.Confirm((await identity.Confirmations(Email))[0]), "invalid_link");
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
        await Mailbox.Expect(204, await identity.Reset(token, Next));
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
        await Mailbox.Expect(204, await identity.Reset(await identity.AskForReset(Email), Next));

        Assert.Null(await identity.Get<ISignInRepository>().Add(login, cancellation));
        Assert.Equal(0, await identity.Count("SELECT COUNT(*) FROM sessions"));
    }

    private static Task<HttpResponseMessage> LogIn(TestIdentity identity, string password) =>
        identity.Post("/auth/login", new { email = Email, password });
}
