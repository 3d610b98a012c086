using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Configuration;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Modules;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Identity.Tests.Services;

public sealed class AccountServiceTests
{
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [OnEveryDatabase]
    [Trait("ASVS", "6.3.2")]
    public async Task Nobody_can_sign_in_to_a_fresh_database(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);

        Assert.Equal(0, await identity.Count("SELECT COUNT(*) FROM users"));
        foreach (var email in new[] { "admin@example.org", "admin@localhost.local", "root@example.org" })
        {
            var login = await identity.Sessions.Login(
                new LoginRequest { Email = email, Password = "admin" }, cancellation);
            Assert.Equal("invalid_credentials", login.Problem?.Code.Name);
        }
    }

    [OnEveryDatabase]
    public async Task Registrations_of_one_address_at_once_make_one_account(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        string[] spellings = ["ada@example.org", "ADA@example.org", " Ada@Example.Org ", "ada@EXAMPLE.org"];

        var receipts = await Task.WhenAll(spellings.Select(email => identity.Accounts.Register(
            new RegisterRequest { Email = email, Password = TestIdentity.Password }, cancellation)));

        Assert.All(receipts, receipt => Assert.Equal(new RegistrationReceipt("ada@example.org"), receipt.Value));
        Assert.Equal(1, await identity.Count("SELECT COUNT(*) FROM users"));
        Assert.Equal(1, await identity.Count("SELECT COUNT(*) FROM outbox WHERE type = 'user.registered'"));
    }

    [OnEveryDatabase]
    public async Task Registering_a_taken_address_changes_nothing(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        var owner = await identity.AddAccount("ada@example.org", Role.Organizer);

        await identity.Accounts.Register(
            new RegisterRequest { Email = "ada@example.org", Password = "another one than hers", Name = "Other" },
            cancellation);

        Assert.Equal(owner, await identity.Accounts.Find("ada@example.org", cancellation));
        Assert.Equal(owner, (await identity.Login("ada@example.org")).User);
    }

    [OnEveryDatabase]
    public async Task Creating_a_taken_address_says_so(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        await identity.AddAccount("ada@example.org");

        var again = await identity.Accounts.Create(
            "Ada@example.org", TestIdentity.Password, null, Role.Admin, cancellation);

        Assert.Equal("email_taken", again.Problem?.Code.Name);
    }

    [OnEveryDatabase]
    public async Task Every_field_at_fault_is_named_and_nothing_is_kept(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);

        var refused = await identity.Accounts.Register(
            new RegisterRequest { Email = "nobody", Password = "short", Name = new string('n', 101) }, cancellation);

        Assert.Equal("validation_failed", refused.Problem?.Code.Name);
        Assert.Equal(["email", "name", "password"], refused.Problem!.Errors.Keys.Order());
        Assert.Equal(0, await identity.Count("SELECT COUNT(*) FROM users"));
    }

    [OnEveryDatabase]
    public async Task The_first_administrator_is_made_once_by_two_processes(DatabaseProvider provider)
    {
        await using var database = TestDatabase.Create(provider);
        var options = new IdentityOptions { BcryptCost = 4 };
        var admin = new AdminOptions { Email = "Root@example.org", Password = TestIdentity.Password };

        var both = await Task.WhenAll(
            TestIdentity.Start(database, options: options, admin: admin),
            TestIdentity.Start(database, options: options, admin: admin));

        Assert.Equal(1, await both[0].Count("SELECT COUNT(*) FROM users"));
        Assert.Equal(Role.Admin, (await both[1].Login("root@example.org")).User.Role);
        foreach (var identity in both)
        {
            await identity.DisposeAsync();
        }
    }

    [OnEveryDatabase]
    public async Task The_demo_fills_an_empty_database_only(DatabaseProvider provider)
    {
        await using var identity = await TestIdentity.Start(provider);
        var demo = identity.Get<IDemoData>();

        Assert.True(await demo.Seed(cancellation));
        Assert.False(await demo.Seed(cancellation));

        Assert.Equal(Role.Organizer, (await identity.Login("organizer@example.org", "gatehouse-demo")).User.Role);
        Assert.Equal(4, await identity.Count("SELECT COUNT(*) FROM users"));
    }
}
