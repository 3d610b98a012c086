using System.Text.Json;
using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Identity.Tests.Services;

public sealed class UserServiceTests
{
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [OnEveryDatabase]
    public async Task Another_role_is_told_noted_and_counts_from_the_next_token_on(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        var account = await identity.AddAccount("ada@example.org");
        var login = await identity.Login("ada@example.org");

        var changed = await Change(identity, account.Id, new ChangeUser { Role = "organizer" });

        Assert.Equal(Role.Organizer, changed.Value.Role);
        Assert.Equal("organizer", await PayloadOf(identity, "user.role_changed", "role"));
        Assert.Equal(
            """{"role":"user"} {"role":"organizer"}""",
            await identity.First<string>(
                "SELECT before || ' ' || after FROM audit_log WHERE action = 'user.role_changed'"));
        Assert.Equal(401, (int)(await identity.GetWith("/auth/me", login.AccessToken)).StatusCode);
        var fresh = (await identity.Refresh(login.RefreshToken)).Value;
        Assert.Equal(200, (int)(await identity.GetWith("/test/organizer", fresh.AccessToken)).StatusCode);
    }

    [OnEveryDatabase]
    public async Task Disabled_account_has_no_sessions_and_makes_none_until_it_is_enabled(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        var account = await identity.AddAccount("ada@example.org");
        var login = await identity.Login("ada@example.org");

        var disabled = (await Change(identity, account.Id, new ChangeUser { Disabled = true })).Value;
        Assert.NotNull(disabled.DisabledAt);
        Assert.Equal(401, (int)(await identity.GetWith("/auth/me", login.AccessToken)).StatusCode);
        Assert.True((await identity.Refresh(login.RefreshToken)).Failed(out _));
        // Again is no change, and keeps the time.
        identity.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(disabled, (await Change(identity, account.Id, new ChangeUser { Disabled = true })).Value);
        Assert.Equal(1, await identity.Count("SELECT COUNT(*) FROM outbox WHERE type = 'user.disabled'"));

        Assert.Null((await Change(identity, account.Id, new ChangeUser { Disabled = false })).Value.DisabledAt);
        Assert.Equal(1, await identity.Count("SELECT COUNT(*) FROM outbox WHERE type = 'user.enabled'"));
        // The old session does not come back with it.
        Assert.True((await identity.Refresh(login.RefreshToken)).Failed(out _));
        await identity.Login("ada@example.org");
    }

    [OnEveryDatabase]
    public async Task The_last_administrator_stays_in_office(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        var last = await identity.AddAccount("ada@example.org", Role.Admin);
        var disabled = await identity.AddAccount("bob@example.org", Role.Admin);
        await Change(identity, disabled.Id, new ChangeUser { Disabled = true });

        foreach (var change in new[] { new ChangeUser { Role = "user" }, new ChangeUser { Disabled = true } })
        {
            Assert.Equal("last_admin", (await Change(identity, last.Id, change)).Problem?.Code.Name);
        }

        Assert.False((await Change(identity, last.Id, new ChangeUser { Role = "admin" })).Failed(out _));
        Assert.False((await Change(identity, disabled.Id, new ChangeUser { Disabled = false })).Failed(out _));
        Assert.False((await Change(identity, last.Id, new ChangeUser { Role = "user" })).Failed(out _));
    }

    [OnEveryDatabase]
    public async Task Of_administrators_who_depose_each_other_at_once_one_stays(DatabaseProvider provider)
    {
        await using var database = TestDatabase.Create(provider);
        await using var here = await TestIdentity.Start(database);
        await using var there = await TestIdentity.Start(database);
        var admins = new List<AccountView>();
        for (var i = 0; i < 4; i++)
        {
            admins.Add(await here.AddAccount($"admin{i}@example.org", Role.Admin));
        }

        for (var round = 0; round < 5; round++)
        {
            await here.Execute("UPDATE users SET role = 'admin', disabled_at = NULL");
            var outcomes = await Task.WhenAll(admins.Select((admin, i) => Change(
                i % 2 == 0 ? here : there,
                admin.Id,
                i < 2 ? new ChangeUser { Role = "user" } : new ChangeUser { Disabled = true })));

            Assert.Equal("last_admin", Assert.Single(outcomes, one => one.Failed(out _)).Problem!.Code.Name);
            Assert.Equal(1, await here.Count(
                "SELECT COUNT(*) FROM users WHERE role = 'admin' AND disabled_at IS NULL"));
        }
    }

    [OnEveryDatabase]
    public async Task Sessions_of_an_account_end_together_and_those_of_others_go_on(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        var account = await identity.AddAccount("ada@example.org");
        await identity.AddAccount("bob@example.org");
        var (first, second) = (await identity.Login("ada@example.org"), await identity.Login("ada@example.org"));
        var other = await identity.Login("bob@example.org");
        Assert.Equal(200, (int)(await identity.GetWith("/auth/me", first.AccessToken)).StatusCode);

        Assert.False((await identity.Get<IUsers>().EndSessions(new UserId(account.Id), cancellation)).Failed(out _));

        Assert.Equal(401, (int)(await identity.GetWith("/auth/me", first.AccessToken)).StatusCode);
        Assert.True((await identity.Refresh(second.RefreshToken)).Failed(out _));
        Assert.Equal(200, (int)(await identity.GetWith("/auth/me", other.AccessToken)).StatusCode);
        Assert.True((await identity.Get<IUsers>().EndSessions(new UserId(Guid.NewGuid()), cancellation)).Failed(out _));
    }

    [OnEveryDatabase]
    public async Task Accounts_are_found_by_how_address_or_name_begins_and_paged_without_gaps(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.Execute(Crowd(identity.Database.Provider), new { now = identity.Time.GetUtcNow() });
        Assert.Equal(60, (await All(identity, new UserFilter())).Count);
        Assert.Equal(60, (await All(identity, new UserFilter())).Distinct().Count());
        Assert.Equal(["p1@example.org"], await Emails(identity, new UserFilter("P1@EX")));
        Assert.Equal(11, (await All(identity, new UserFilter("p1"))).Count);
        Assert.Equal(60, (await All(identity, new UserFilter("person "))).Count);
        Assert.Equal(["p7@example.org"], await Emails(identity, new UserFilter("Person 7 ")));
        Assert.Equal(20, (await All(identity, new UserFilter(Role: Role.Admin))).Count);
        Assert.Equal(30, (await All(identity, new UserFilter(Disabled: true))).Count);
        Assert.Equal(10, (await All(identity, new UserFilter("p", Role.Admin, Disabled: false))).Count);
        Assert.Equal(10, (await All(identity, new UserFilter(null, Role.Admin, Disabled: true))).Count);
        foreach (var wild in new[] { "%", "_", "p_", "*", "'", "\\", "\u00e9", "p1@example.org " })
        {
            Assert.Empty(await All(identity, new UserFilter(wild)));
        }
    }

    private async Task<List<UserView>> All(TestIdentity identity, UserFilter filter)
    {
        var (found, after) = (new List<UserView>(), (Cursor?)null);
        do
        {
            var page = await identity.Get<IUsers>().List(filter, new PageRequest(7, null, after), cancellation);
            found.AddRange(page.Items);
            after = Cursor.TryParse(page.NextCursor, out var next) ? next : null;
        }
        while (after is not null);
        Assert.Equal(found.OrderByDescending(user => user.CreatedAt).ThenByDescending(user => $"{user.Id}"), found);
        return found;
    }

    private async Task<IEnumerable<string>> Emails(TestIdentity identity, UserFilter filter) =>
        (await All(identity, filter)).Select(user => user.Email);

    // Some of one instant: what follows a page is then told by the id alone.
    private static string Crowd(DatabaseProvider provider) =>
        $"""
        WITH RECURSIVE numbers (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < 60)
        INSERT INTO users (id, email, name, role, password_hash, created_at, disabled_at)
        SELECT {(provider == DatabaseProvider.Postgres
            ? "CAST('00000000-0000-7000-8000-' || lpad(CAST(i AS text), 12, '0') AS uuid)"
            : "'00000000-0000-7000-8000-' || printf('%012d', i)")},
            'p' || i || '@example.org', 'Person ' || i || ' of many', CASE WHEN i % 3 = 0 THEN 'admin' ELSE 'user' END,
            'none', @now, CASE WHEN i % 2 = 0 THEN @now END
        FROM numbers
        """;

    private Task<Result<UserView>> Change(TestIdentity identity, Guid user, ChangeUser change) =>
        identity.Get<IUsers>().Change(by: null, new UserId(user), change, cancellation);

    private static async Task<string?> PayloadOf(TestIdentity identity, string type, string member)
    {
        var payload = await identity.First<string>($"SELECT payload FROM outbox WHERE type = '{type}'");
        return JsonDocument.Parse(payload!).RootElement.GetProperty(member).GetString();
    }
}
