using Gatehouse.Contracts.Identity;
using Gatehouse.Contracts.Notifications;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Notifications.Tests.Consumers;

/// <summary>What mails and webhooks make of what identity says of an account.</summary>
public sealed class AccountTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly Guid id = Guid.NewGuid();
    private readonly Caller owner = WebhookRoom.Person(Role.Admin);

    private Guid User => owner.User.Value;

    [OnEveryDatabase]
    public async Task Webhook_of_everything_ends_with_its_owners_role_and_says_so(DatabaseProvider provider)
    {
        await using var room = await MailRoom.Open(provider);
        var (all, own) = (await Subscribe(room, "all"), await Subscribe(room, "own"));
        await room.Tell(Now(Role.Organizer, minute: 2), Now(Role.Admin, minute: 1));
        await room.Tell(Now(Role.Admin, minute: 1));
        await room.Tell(Facts.Event(id, organizer: Guid.NewGuid()), Facts.Event(Guid.NewGuid(), organizer: User));

        var seen = (await room.Get<IWebhooks>().Get(owner, all.Id, None)).Value;
        Assert.Equal((false, "not_admin"), (seen.Active, seen.DisabledReason));
        Assert.NotNull(seen.DisabledAt);
        Assert.True((await room.Get<IWebhooks>().Get(owner, own.Id, None)).Value.Active);
        Assert.Equal([own.Id], await Told(room));
        // With a token from before: it is made, and gets nothing.
        await Subscribe(room, "all");
        await room.Tell(Facts.Event(id, version: 2, organizer: Guid.NewGuid()));
        await room.Tell(Facts.Event(Guid.NewGuid(), organizer: User), Facts.Event(id, version: 3));
        Assert.Equal([own.Id, own.Id], await Told(room));
    }

    [OnEveryDatabase]
    public async Task Webhooks_of_a_disabled_account_pause_until_it_is_enabled(DatabaseProvider provider)
    {
        await using var room = await MailRoom.Open(provider);
        var webhook = await Subscribe(room, "own");
        await room.Tell(Facts.Event(Guid.NewGuid(), organizer: User));
        await room.Tell(new UserDisabledEvent(Guid.NewGuid(), Facts.Noon.AddMinutes(5), User));
        await room.Tell(Facts.Event(Guid.NewGuid(), organizer: User));
        await room.Work();
        await Poll.Until(
            async () => await room.Ask<string>("SELECT status FROM webhook_deliveries") == "failed",
            TimeSpan.FromSeconds(10),
            "what waited to be given up");
        Assert.Equal("The account of its owner is disabled.", await room.Ask<string>(
            "SELECT error FROM webhook_deliveries"));
        Assert.Equal([webhook.Id], await Told(room));

        // What is older and comes later counts for nothing.
        await room.Tell(new UserEnabledEvent(Guid.NewGuid(), Facts.Noon.AddMinutes(4), User));
        await room.Tell(Facts.Event(Guid.NewGuid(), organizer: User));
        Assert.Single(await Told(room));
        await room.Tell(new UserEnabledEvent(Guid.NewGuid(), Facts.Noon.AddMinutes(6), User));
        await room.Tell(Facts.Event(Guid.NewGuid(), organizer: User));
        Assert.Equal(2, (await Told(room)).Count);
        Assert.True((await room.Get<IWebhooks>().Get(owner, webhook.Id, None)).Value.Active);
    }

    [OnEveryDatabase]
    public async Task Disabled_account_gets_mails_of_the_account_and_no_others(DatabaseProvider provider)
    {
        await using var room = await MailRoom.Open(provider);
        await room.Tell(Facts.Event(id));
        await room.Tell(Facts.Registered(User));
        await room.Tell(new UserDisabledEvent(Guid.NewGuid(), Facts.Noon.AddMinutes(5), User));
        await room.Tell(Facts.Confirmed(Guid.NewGuid(), id, User), Facts.ResetRequested(User, "token"));
        await room.Tell(new UserEnabledEvent(Guid.NewGuid(), Facts.Noon.AddMinutes(6), User));
        await room.Tell(Facts.Confirmed(Guid.NewGuid(), id, User));

        Assert.Equal(
            ["queued booking-confirmed", "queued reset-password", "queued welcome", "suppressed booking-confirmed"],
            await All<string>(room, "SELECT state || ' ' || template FROM mails ORDER BY state, template"));
        Assert.Equal("The account is disabled.", await room.Ask<string>(
            "SELECT error FROM mails WHERE state = 'suppressed'"));
        Assert.Equal(3, await room.Ask<long>("SELECT COUNT(*) FROM jobs"));
    }

    [OnEveryDatabase]
    public async Task Mails_follow_the_address_the_name_and_the_language(DatabaseProvider provider)
    {
        await using var room = await MailRoom.Open(provider);
        await room.Tell(Facts.Event(id));
        // The change may come before the registration.
        await room.Tell(new UserProfileChangedEvent(
            Guid.NewGuid(), Facts.Noon.AddMinutes(5), User, "new@example.org", "Ann New", "de", null));
        await room.Tell(Facts.Registered(User, "old@example.org", "Ann Old"));
        await room.Tell(Facts.Confirmed(Guid.NewGuid(), id, User));

        Assert.Equal("new@example.org Ann New de", await room.Ask<string>(
            "SELECT email || ' ' || name || ' ' || language FROM recipients"));
        Assert.Equal("new@example.org", await room.Ask<string>(
            "SELECT address FROM mails WHERE template = 'booking-confirmed'"));
    }

    private UserRoleChangedEvent Now(Role role, int minute) =>
        new(Guid.NewGuid(), Facts.Noon.AddMinutes(minute), User, role);

    // An address, so that no name is looked up; nothing is sent there.
    private async Task<WebhookView> Subscribe(MailRoom room, string scope) => (await room.Get<IWebhooks>().Create(
        owner, new CreateWebhook("https://1.1.1.1/hook", ["event.*"], Scope: scope), None)).Value;

    private static Task<IReadOnlyList<Guid>> Told(MailRoom room) =>
        All<Guid>(room, "SELECT webhook_id FROM webhook_deliveries");

    private static async Task<IReadOnlyList<T>> All<T>(MailRoom room, string sql)
    {
        await using var session = await room.Database.Read(None);
        return await session.Query<T>(sql);
    }
}
