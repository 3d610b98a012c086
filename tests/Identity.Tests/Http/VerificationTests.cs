using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Configuration;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Testing;

namespace Gatehouse.Identity.Tests.Http;

/// <summary>Links that confirm an address.</summary>
public sealed class VerificationTests
{
    private const string Email = "ada@example.org";
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [OnEveryDatabase]
    public async Task The_link_of_a_registration_confirms_its_address_once(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await Register(identity);
        var token = Assert.Single(await identity.Confirmations(Email));

        Assert.False(await IsConfirmed(identity));
        await Mailbox.Expect(204, await identity.Confirm(token));
        Assert.True(await IsConfirmed(identity));
        await Mailbox.Expect(422, await identity.Confirm(token), "invalid_link");
        Assert.Equal(0, await identity.Count($"SELECT COUNT(*) FROM account_links WHERE hash = '{token}'"));
    }

    [OnEveryDatabase]
    public async Task Unknown_used_old_and_foreign_links_are_answered_alike(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await Register(identity);
        await Register(identity, "eve@example.org");
        var own = (await identity.Confirmations(Email))[0];
        var used = (await identity.Confirmations("eve@example.org"))[0];
        await Mailbox.Expect(204, await identity.Confirm(used));
        var reset = await identity.AskForReset("eve@example.org");
        identity.Time.Advance(TimeSpan.FromHours(24));

        var answers = new List<string>();
        foreach (var token in new[] { own, used, reset, "A", new string('A', 43), new string('\u00e4', 43), "\0" })
        {
            answers.Add(await Mailbox.Expect(422, await identity.Confirm(token), "invalid_link"));
        }

        Assert.Single(answers.Select(WithoutIds).Distinct());
        Assert.False(await IsConfirmed(identity));
    }

    [OnEveryDatabase]
    public async Task A_link_is_good_until_the_last_moment_and_of_two_at_once_one_is_taken(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await Register(identity);
        var token = (await identity.Confirmations(Email))[0];
        identity.Time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMilliseconds(1));

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => identity.Confirm(token)));

        Assert.Single(answers, answer => (int)answer.StatusCode == 204);
        Assert.Equal(7, answers.Count(answer => (int)answer.StatusCode == 422));
        Assert.Equal(1, await identity.Count("SELECT COUNT(*) FROM audit_log WHERE action = 'email.verified'"));
    }

    [OnEveryDatabase]
    [Trait("ASVS", "6.3.8")]
    public async Task A_link_is_asked_for_with_the_same_work_and_answer_whoever_has_the_address(
        DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await Register(identity, "unverified@example.org");
        await identity.AddAccount("verified@example.org");
        await Register(identity, "disabled@example.org");
        await identity.Execute(
            "UPDATE users SET disabled_at = created_at WHERE email = 'disabled@example.org'");
        await identity.Execute("DELETE FROM outbox");

        foreach (var path in new[] { "/auth/verify-email/resend", "/auth/reset-password/request" })
        {
            var answers = new List<string>();
            foreach (var person in new[] { "unverified", "verified", "disabled", "nobody" })
            {
                var response = await identity.Post(path, new { email = $" {person}@EXAMPLE.org" });
                var text = await response.Content.ReadAsStringAsync(cancellation);
                answers.Add($"{(int)response.StatusCode} {text.Replace(person, "…", StringComparison.Ordinal)}");
            }

            Assert.Equal("""202 {"email":"…@example.org"}""", Assert.Single(answers.Distinct()));
        }

        // One job and one line of the audit log for each, whoever it is.
        Assert.Equal(8, await identity.Count("SELECT COUNT(*) FROM jobs"));
        Assert.Equal(8, await identity.Count("SELECT COUNT(*) FROM audit_log WHERE action = 'link.requested'"));
        await identity.RunJobs();
        Assert.Equal(3, await identity.Count("SELECT COUNT(*) FROM outbox"));
        Assert.Single(await identity.Confirmations("unverified@example.org"));
        Assert.Single(await identity.Resets("unverified@example.org"));
        Assert.Single(await identity.Resets("verified@example.org"));
    }

    [OnEveryDatabase]
    public async Task Another_link_is_as_good_as_the_first_and_both_die_with_its_use(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await Register(identity);
        await Mailbox.Expect(202, await identity.Post("/auth/verify-email/resend", new { email = Email }));
        await identity.RunJobs();
        var tokens = await identity.Confirmations(Email);

        Assert.Equal(2, tokens.Distinct().Count());
        await Mailbox.Expect(204, await identity.Confirm(tokens[1]));
        await Mailbox.Expect(422, await identity.Confirm(tokens[0]), "invalid_link");
    }

    [OnEveryDatabase]
    public async Task Where_addresses_have_to_be_confirmed_the_right_password_hears_of_it_and_no_other(
        DatabaseProvider provider)
    {
        await using var database = TestDatabase.Create(provider);
        await using var identity = await TestIdentity.Start(
            database,
            options: new IdentityOptions { BcryptCost = 4, RequireVerifiedEmail = true },
            admin: new AdminOptions { Email = "root@example.org", Password = TestIdentity.Password });
        await Register(identity);

        await Mailbox.Expect(403, await LogIn(identity, TestIdentity.Password), "email_unverified");
        await Mailbox.Expect(401, await LogIn(identity, "not the password"), "invalid_credentials");
        Assert.Equal(0, await identity.Count("SELECT COUNT(*) FROM sessions"));
        await Mailbox.Expect(204, await identity.Confirm((await identity.Confirmations(Email))[0]));
        await Mailbox.Expect(200, await LogIn(identity, TestIdentity.Password));
        // Who was made by the operator needs no link.
        await identity.Login("root@example.org");
    }

    [OnEveryDatabase]
    public async Task Registering_again_lets_nobody_in_and_the_owner_is_told(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await Register(identity);
        var first = Assert.Single(await identity.Confirmations(Email));

        await Register(identity, password: "a thief's own passphrase");

        Assert.Equal(["registrationAttempted ada@example.org"], await identity.Notices());
        Assert.Equal(first, Assert.Single(await identity.Confirmations(Email)));
        Assert.Equal(1, await identity.Count("SELECT COUNT(*) FROM account_links"));
        await Mailbox.Expect(204, await identity.Confirm(first));
        await Mailbox.Expect(401, await LogIn(identity, "a thief's own passphrase"), "invalid_credentials");
        await identity.Login(Email);
    }

    [OnEveryDatabase]
    public async Task Links_that_expired_a_week_ago_are_deleted_and_their_accounts_stay(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await Register(identity);
        identity.Time.Advance(TimeSpan.FromDays(8));
        await Register(identity, "eve@example.org");
        identity.Time.Advance(TimeSpan.FromSeconds(1));

        var schedule = identity.Get<IEnumerable<ISchedule>>().Single(s => s.Name == "identity.prune-links");

        Assert.Equal("1 mailed links deleted", await schedule.Run(cancellation));
        Assert.Equal(1, await identity.Count("SELECT COUNT(*) FROM account_links"));
        Assert.Equal(2, await identity.Count("SELECT COUNT(*) FROM users"));
    }

    [Fact]
    public async Task What_is_no_request_is_refused_by_field()
    {
        await using var identity = await TestIdentity.Start(DatabaseProvider.Sqlite);
        await Mailbox.Expect(422, await identity.Post("/auth/verify-email", new { }), "validation_failed", "token");
        await Mailbox.Expect(
            422, await identity.Post("/auth/verify-email", new { token = 1, user = "x" }),
            "validation_failed", "token", "user");
        foreach (var path in new[] { "/auth/verify-email/resend", "/auth/reset-password/request" })
        {
            await Mailbox.Expect(
                422, await identity.Post(path, new { email = "nobody" }), "validation_failed", "email");
            await Mailbox.Expect(422, await identity.Post(path, new { }), "validation_failed", "email");
        }

        await Mailbox.Expect(
            422, await identity.Post("/auth/reset-password", new { newPassword = new[] { "a" } }),
            "validation_failed", "newPassword", "token");
        Assert.Equal(0, await identity.Count("SELECT COUNT(*) FROM jobs"));
    }

    private async Task Register(TestIdentity identity, string email = Email, string password = TestIdentity.Password)
    {
        var receipt = await identity.Accounts.Register(
            new RegisterRequest { Email = email, Password = password }, cancellation);
        Assert.Equal(email, receipt.Value.Email);
    }

    private static Task<HttpResponseMessage> LogIn(TestIdentity identity, string password) =>
        identity.Post("/auth/login", new { email = Email, password });

    private static async Task<bool> IsConfirmed(TestIdentity identity) => await identity.Count(
        $"SELECT COUNT(*) FROM users WHERE email = '{Email}' AND email_verified_at IS NOT NULL") == 1;

    private static string WithoutIds(string problem) => System.Text.RegularExpressions.Regex.Replace(
        problem, """(Id":")[^"]*""", "$1", default, TimeSpan.FromSeconds(1));
}
