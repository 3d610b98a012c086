using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Identity.Tests.Http;

public sealed class ChangeEmailTests
{
    private const string Old = "ada@example.org";
    private const string New = "lovelace@example.org";

    [OnEveryDatabase]
    public async Task The_address_changes_when_the_new_one_is_confirmed_and_the_old_one_is_told(
        DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Old);
        var owner = await identity.Login(Old);
        var reset = await identity.AskForReset(Old);

        await Mailbox.Expect(202, await Change(identity, owner, " Lovelace@Example.ORG "));
        await Mailbox.Expect(202, await Change(identity, owner, "third@example.org"));
        Assert.NotNull(await identity.Accounts.Find(Old, TestContext.Current.CancellationToken));
        identity.Time.Advance(TimeSpan.FromMilliseconds(1));
        await Mailbox.Expect(204, await identity.Confirm(Assert.Single(await identity.Confirmations(New))));

        Assert.Equal(owner.User.Id, (await identity.Login(New)).User.Id);
        Assert.Null(await identity.Accounts.Find(Old, TestContext.Current.CancellationToken));
        Assert.Equal(
            [$"emailChangeRequested {Old}", $"emailChangeRequested {Old}", $"emailChanged {Old}"],
            await identity.Notices());
        Assert.Equal(New, Assert.Single(await identity.Published("user.profile_changed"))
            .GetProperty("email").GetString());
        // Whatever else was mailed does nothing any more, to whichever address.
        await Mailbox.Expect(422, await identity.Reset(reset, "a wholly other passphrase"), "invalid_link");
        await Mailbox.Expect(
            422, await identity.Confirm((await identity.Confirmations("third@example.org"))[0]), "invalid_link");
        await Mailbox.Expect(
            422, await identity.Confirm((await identity.Confirmations(New))[0]), "invalid_link");
        Assert.Equal(0, await identity.Count("SELECT COUNT(*) FROM audit_log WHERE after LIKE '%@%'"));
    }

    [OnEveryDatabase]
    [Trait("ASVS", "7.5.1")]
    public async Task It_needs_a_recent_sign_in(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Old);
        var owner = await identity.Login(Old);
        identity.Time.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(1));
        owner = (await identity.Refresh(owner.RefreshToken)).Value;

        await Mailbox.Expect(403, await Change(identity, owner, New), "reauth_required");

        Assert.Empty(await identity.Confirmations(New));
        await Mailbox.Expect(202, await Change(identity, await identity.Login(Old), New));
    }

    [OnEveryDatabase]
    public async Task A_taken_address_is_answered_like_a_free_one_and_nobody_is_written_to(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Old);
        await identity.AddAccount("taken@example.org");
        var owner = await identity.Login(Old);

        var taken = await Mailbox.Expect(202, await Change(identity, owner, "taken@example.org"));
        var free = await Mailbox.Expect(202, await Change(identity, owner, New));

        Assert.Equal(free, taken.Replace("taken", "lovelace", StringComparison.Ordinal));
        Assert.Empty(await identity.Confirmations("taken@example.org"));
        Assert.Single(await identity.Confirmations(New));
        Assert.Equal(2, await identity.Count("SELECT COUNT(*) FROM account_links"));
        await Mailbox.Expect(422, await Change(identity, owner, Old), "validation_failed", "email");
        await Mailbox.Expect(422, await Change(identity, owner, "nobody"), "validation_failed", "email");
    }

    [OnEveryDatabase]
    public async Task An_address_that_two_want_at_once_goes_to_one_of_them(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        string[] people = ["ada@example.org", "bob@example.org", "eve@example.org"];
        foreach (var person in people)
        {
            await identity.AddAccount(person);
            await Mailbox.Expect(202, await Change(identity, await identity.Login(person), New));
        }

        var tokens = await identity.Confirmations(New);
        var register = identity.Accounts.Register(
            new RegisterRequest { Email = New, Password = TestIdentity.Password },
            TestContext.Current.CancellationToken);
        var answers = await Task.WhenAll(tokens.Select(identity.Confirm));
        await register;

        Assert.Equal(1, await identity.Count($"SELECT COUNT(*) FROM users WHERE email = '{New}'"));
        Assert.InRange(answers.Count(answer => (int)answer.StatusCode == 204), 0, 1);
        foreach (var loser in answers.Where(answer => (int)answer.StatusCode != 204))
        {
            await Mailbox.Expect(409, loser, "email_taken");
        }

        Assert.Equal(
            answers.Count(answer => (int)answer.StatusCode == 204), (await identity.Notices()).Count(IsOfChange));
    }

    [OnEveryDatabase]
    public async Task Of_two_changes_of_one_account_at_once_one_is_made(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount(Old);
        var owner = await identity.Login(Old);
        string[] wanted = ["one@example.org", "two@example.org", "three@example.org", "four@example.org"];
        var tokens = new List<string>();
        foreach (var email in wanted)
        {
            await Mailbox.Expect(202, await Change(identity, owner, email));
            tokens.AddRange(await identity.Confirmations(email));
        }

        var answers = await Task.WhenAll(tokens.Select(identity.Confirm));

        var made = wanted[Array.FindIndex(answers, answer => (int)answer.StatusCode == 204)];
        Assert.Equal(3, answers.Count(answer => (int)answer.StatusCode == 422));
        await identity.Login(made);
        Assert.Equal($"emailChanged {Old}", Assert.Single(await identity.Notices(), IsOfChange));
    }

    [OnEveryDatabase]
    public async Task A_thief_who_is_thrown_out_takes_the_link_along(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        var account = await identity.AddAccount(Old);
        await identity.AddAccount("root@example.org", Role.Admin);
        var admin = await identity.Login("root@example.org");
        Func<TokenGrant, TokenGrant, Task>[] waysOut =
        [
            async (owner, _) => await Mailbox.Expect(
                204, await identity.Send(HttpMethod.Delete, "/auth/sessions", owner, new { })),
            (_, thief) => identity.Sessions.Logout(thief.RefreshToken!, TestContext.Current.CancellationToken),
            async (_, _) =>
            {
                foreach (var disabled in new[] { true, false })
                {
                    await Mailbox.Expect(200, await identity.Send(
                        HttpMethod.Patch, $"/users/{account.Id}", admin, new { disabled }));
                }
            },
        ];
        foreach (var wayOut in waysOut)
        {
            var (owner, thief) = (await identity.Login(Old), await identity.Login(Old));
            identity.Time.Advance(TimeSpan.FromMilliseconds(1));
            await Mailbox.Expect(202, await Change(identity, thief, New));
            Assert.Equal($"emailChangeRequested {Old}", (await identity.Notices())[^1]);
            await wayOut(owner, thief);

            await Mailbox.Expect(
                422, await identity.Confirm((await identity.Confirmations(New))[^1]), "invalid_link");
        }

        Assert.NotNull(await identity.Accounts.Find(Old, TestContext.Current.CancellationToken));
    }

    private static bool IsOfChange(string notice) => notice.StartsWith("emailChanged ", StringComparison.Ordinal);

    private static Task<HttpResponseMessage> Change(TestIdentity identity, TokenGrant owner, string email) =>
        identity.Send(HttpMethod.Post, "/auth/me/email", owner, new { email });
}
