using System.Text.Json;
using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Data;
using Gatehouse.Identity.Domain;
using Gatehouse.Identity.Services;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Identity.Tests.Http;

public sealed class OwnAccountTests
{
    private const string Email = "ada@example.org";
    private const string Next = "a wholly other passphrase";

    [OnEveryDatabase]
    public async Task A_profile_is_what_its_owner_says(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        var (id, owner) = ((await identity.AddAccount(Email)).Id, await identity.Login(Email));

        var changed = await Patch(
            identity, owner, new { name = " Ada ", language = "PT-br", timeZone = "Europe/Berlin" });
        Assert.Equal(
            $$"""{"id":"{{id}}","email":"ada@example.org","emailVerified":true,"name":"Ada","language":"pt-BR",""" +
            "\"timeZone\":\"Europe/Berlin\",\"role\":\"user\"}",
            await Mailbox.Expect(200, changed));
        identity.Time.Advance(TimeSpan.FromSeconds(1));
        // What is not given stays; null clears; the same again is no news.
        await Mailbox.Expect(200, await Patch(identity, owner, new { language = (string?)null }));
        await Mailbox.Expect(200, await Patch(identity, owner, new { name = "Ada" }));
        await Mailbox.Expect(200, await Patch(identity, owner, new { }));
        var me = await (await identity.GetWith("/auth/me", owner.AccessToken)).Content
            .ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(
            $$"""{"id":"{{id}}","email":"ada@example.org","emailVerified":true,"name":"Ada",""" +
            "\"timeZone\":\"Europe/Berlin\",\"role\":\"user\"}",
            me);

        var news = await identity.Published("user.profile_changed");
        Assert.Equal(["pt-BR", null], news.Select(Language));
        Assert.All(news, fact => Assert.Equal("Europe/Berlin", fact.GetProperty("timeZone").GetString()));
        Assert.Equal(2, await identity.Count("SELECT COUNT(*) FROM audit_log WHERE action = 'profile.changed'"));
        Assert.Equal(0, await identity.Count("SELECT COUNT(*) FROM audit_log WHERE after LIKE '%Ada%'"));
    }

    [OnEveryDatabase]
    [Trait("ASVS", "8.2.3")]
    public async Task Nobody_changes_what_is_not_theirs_to_change(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        var owner = await identity.Login(Email);

        await Mailbox.Expect(
            422,
            await Patch(identity, owner, new
            {
                role = "admin",
                id = Guid.Empty,
                email = "root@example.org",
                emailVerified = true,
                passwordHash = "x",
                name = "Ada",
            }),
            "validation_failed", "email", "emailVerified", "id", "passwordHash", "role");
        await Mailbox.Expect(
            422,
            await Patch(identity, owner, new { name = new string('n', 101), language = "english", timeZone = "CET" }),
            "validation_failed", "language", "name", "timeZone");
        Assert.Equal(1, await identity.Count(
            "SELECT COUNT(*) FROM users WHERE role = 'user' AND name IS NULL AND email = 'ada@example.org'"));
    }

    [OnEveryDatabase]
    public async Task Two_who_change_different_fields_at_once_both_keep_theirs(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        var owner = await identity.Login(Email);

        object[] changes = [new { name = "Ada" }, new { language = "en" }, new { timeZone = "UTC" }];
        await Task.WhenAll(changes.Select(async change =>
            await Mailbox.Expect(200, await Patch(identity, owner, change))));

        Assert.Equal(1, await identity.Count(
            "SELECT COUNT(*) FROM users WHERE name = 'Ada' AND language = 'en' AND time_zone = 'UTC'"));
    }

    [OnEveryDatabase]
    [Trait("ASVS", "6.2.3")]
    public async Task A_new_password_needs_the_current_one(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        var owner = await identity.Login(Email);

        await Mailbox.Expect(
            422, await ChangePassword(identity, owner, "not the password"), "validation_failed", "currentPassword");
        await Mailbox.Expect(
            422,
            await identity.Send(HttpMethod.Post, "/auth/me/password", owner, new { newPassword = Next }),
            "validation_failed", "currentPassword");
        await Mailbox.Expect(
            422, await ChangePassword(identity, owner, TestIdentity.Password, "password123"),
            "validation_failed", "newPassword");

        Assert.Equal(1, await identity.Count("SELECT COUNT(*) FROM audit_log WHERE action = 'password.refused'"));
        Assert.Empty(await identity.Notices());
        await identity.Login(Email);
    }

    [OnEveryDatabase]
    public async Task A_new_password_ends_the_other_sessions_and_kills_links_that_could_undo_it(
        DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        var (owner, thief) = (await identity.Login(Email), await identity.Login(Email));
        var reset = await identity.AskForReset(Email);
        await Mailbox.Expect(202, await ChangeEmail(identity, thief, "thief@example.org"));
        var change = Assert.Single(await identity.Confirmations("thief@example.org"));
        identity.Time.Advance(TimeSpan.FromMilliseconds(1));

        await Mailbox.Expect(204, await ChangePassword(identity, owner, TestIdentity.Password));

        Assert.Null((await identity.Refresh(owner.RefreshToken)).Problem);
        Assert.Equal("invalid_refresh_token", (await identity.Refresh(thief.RefreshToken)).Problem?.Code.Name);
        await Mailbox.Expect(422, await identity.Reset(reset, "a thief's own passphrase"), "invalid_link");
        await Mailbox.Expect(422, await identity.Confirm(change), "invalid_link");
        // The access token opens nothing that matters any more either.
        await Mailbox.Expect(401, await ChangeEmail(identity, thief, "thief@example.org"));
        Assert.Single(await identity.Confirmations("thief@example.org"));
        Assert.Equal(
            ["emailChangeRequested ada@example.org", "passwordChanged ada@example.org"], await identity.Notices());
        await identity.Login(Email, Next);
    }

    [OnEveryDatabase]
    public async Task A_new_password_forgets_every_device_but_the_one_it_was_set_on(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        var (owner, thief) = (await identity.Login(Email), await identity.Login(Email));
        await Mailbox.Expect(204, await identity.Send(HttpMethod.Post, "/auth/me/password", owner, new
        {
            currentPassword = TestIdentity.Password,
            newPassword = Next,
            deviceToken = owner.DeviceToken,
        }));

        Assert.True(await IsKnown(owner));
        Assert.False(await IsKnown(thief));
        var cookie = $"__Host-device={owner.DeviceToken}";
        var browser = new Browser(identity) { Token = owner.AccessToken, Cookie = cookie };
        await Mailbox.Expect(204, await browser.Post(
            "/auth/me/password",
            $$"""{"currentPassword":"{{Next}}","newPassword":"{{TestIdentity.Password}}"}"""));
        Assert.True(await IsKnown(owner));
        await Mailbox.Expect(204, await ChangePassword(identity, owner, TestIdentity.Password));
        Assert.False(await IsKnown(owner));

        Task<bool> IsKnown(TokenGrant grant) => identity.Get<ISignInRepository>().IsKnown(
            EmailAddress.ParseOrNull(Email)!,
            DeviceToken.ParseOrNull(grant.DeviceToken)!,
            TestContext.Current.CancellationToken);
    }

    [OnEveryDatabase]
    public async Task A_session_that_another_process_ended_changes_nothing_from_that_moment(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        var thief = await identity.Login(Email);
        await Mailbox.Expect(200, await identity.GetWith("/auth/me", thief.AccessToken));
        await identity.Execute("UPDATE sessions SET ended_at = created_at, end_reason = 'owner'");

        // Looking is answered from what is remembered for 30 s.
        await Mailbox.Expect(200, await identity.GetWith("/auth/me", thief.AccessToken));
        await Mailbox.Expect(401, await Patch(identity, thief, new { name = "Eve" }));
        await Mailbox.Expect(401, await ChangeEmail(identity, thief, "thief@example.org"));
        await Mailbox.Expect(401, await ChangePassword(identity, thief, TestIdentity.Password));
    }

    [OnEveryDatabase]
    public async Task Other_sessions_go_on_where_their_owner_wants_it(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        var (owner, phone) = (await identity.Login(Email), await identity.Login(Email));

        await Mailbox.Expect(204, await identity.Send(HttpMethod.Post, "/auth/me/password", owner, new
        {
            currentPassword = TestIdentity.Password,
            newPassword = Next,
            endOtherSessions = false,
        }));

        Assert.Null((await identity.Refresh(phone.RefreshToken)).Problem);
    }

    [OnEveryDatabase]
    public async Task Of_two_new_passwords_at_once_one_is_set(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Email);
        var owner = await identity.Login(Email);

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(async i => (
            Password: $"passphrase of number {i}",
            Status: (int)(await ChangePassword(
                identity, owner, TestIdentity.Password, $"passphrase of number {i}")).StatusCode)));

        var winner = Assert.Single(answers, answer => answer.Status == 204);
        // A loser finds the password changed while it worked, or before.
        Assert.All(answers.Where(answer => answer != winner), answer => Assert.True(answer.Status is 409 or 422));
        await identity.Login(Email, winner.Password);
    }

    private static string? Language(JsonElement fact) =>
        fact.TryGetProperty("language", out var language) ? language.GetString() : null;

    private static Task<HttpResponseMessage> Patch(TestIdentity identity, TokenGrant owner, object change) =>
        identity.Send(HttpMethod.Patch, "/auth/me", owner, change);

    private static Task<HttpResponseMessage> ChangeEmail(TestIdentity identity, TokenGrant owner, string email) =>
        identity.Send(HttpMethod.Post, "/auth/me/email", owner, new { email });

    private static Task<HttpResponseMessage> ChangePassword(
        TestIdentity identity, TokenGrant owner, string currentPassword, string newPassword = Next) =>
        identity.Send(HttpMethod.Post, "/auth/me/password", owner, new { currentPassword, newPassword });
}
