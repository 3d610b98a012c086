using System.Net;
using Gatehouse.Contracts.Notifications;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Notifications.Tests.Services.Webhooks;

public sealed class WebhookServiceTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly Uri Receiver = new("https://receiver.example/hook");

    [OnEveryDatabase]
    public async Task Webhook_is_as_it_was_made_and_changed_and_its_secret_is_shown_once(DatabaseProvider provider)
    {
        await using var room = await WebhookRoom.Open(provider);
        var owner = WebhookRoom.Person();

        var made = (await room.Webhooks.Create(
            owner, new CreateWebhook(Receiver.AbsoluteUri, ["booking.*"], "Till"), None)).Value;
        var patch = new UpdateWebhook { Events = new[] { "event.updated", "*" }, Description = (string?)null };
        await room.Webhooks.Update(owner, made.Id, patch, None);
        var seen = (await room.Webhooks.Get(owner, made.Id, None)).Value;

        Assert.Equal(("Till", true, "own"), (made.Description, made.Active, made.Scope));
        Assert.Matches("^whsec_[A-Za-z0-9+/]{43}=$", made.Secret);
        Assert.Equal(["event.updated", "*"], seen.Events);
        Assert.Equal((Receiver.AbsoluteUri, null, null), (seen.Url, seen.Description, seen.Secret));
        Assert.DoesNotContain(
            made.Secret![6..], await room.Ask<string>("SELECT secret FROM webhooks"), StringComparison.Ordinal);
    }

    [OnEveryDatabase]
    public async Task Somebody_elses_webhook_is_not_there(DatabaseProvider provider)
    {
        await using var room = await WebhookRoom.Open(provider);
        var owner = WebhookRoom.Person();
        var webhook = await room.Subscribe(owner, Receiver);
        var delivery = (await room.Deliveries.Test(owner, webhook.Id, None)).Value;

        foreach (var other in new[] { WebhookRoom.Person(), WebhookRoom.Person(Role.Admin) })
        {
            Problem?[] refused =
            [
                (await room.Webhooks.Get(other, webhook.Id, None)).Problem,
                (await room.Webhooks.Update(other, webhook.Id, new UpdateWebhook { Active = false }, None)).Problem,
                (await room.Webhooks.Delete(other, webhook.Id, None)).Problem,
                (await room.Webhooks.RotateSecret(other, webhook.Id, None)).Problem,
                (await room.Deliveries.List(other, webhook.Id, new PageRequest(20, 1, null), None)).Problem,
                (await room.Deliveries.Get(other, webhook.Id, delivery.Id, None)).Problem,
                (await room.Deliveries.Test(other, webhook.Id, None)).Problem,
                (await room.Deliveries.Replay(other, webhook.Id, delivery.Id, None)).Problem,
                (await room.Deliveries.Replay(
                    other, webhook.Id, new ReplayWebhook(room.Time.GetUtcNow().AddDays(-1)), None)).Problem,
            ];

            Assert.All(refused, problem => Assert.Equal("not_found", problem?.Code.Name));
            Assert.Empty((await room.Webhooks.List(other, new PageRequest(20, 1, null), None)).Items);
        }

        // Nor is a delivery reached through a webhook it does not belong to.
        var second = await room.Subscribe(owner, Receiver);
        Assert.NotNull((await room.Deliveries.Get(owner, second.Id, delivery.Id, None)).Problem);
        Assert.NotNull((await room.Deliveries.Replay(owner, second.Id, delivery.Id, None)).Problem);
    }

    [OnEveryDatabase]
    public async Task Of_thirty_at_once_twenty_are_made(DatabaseProvider provider)
    {
        await using var room = await WebhookRoom.Open(provider);
        var owner = WebhookRoom.Person();

        var made = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ =>
            room.Webhooks.Create(owner, new CreateWebhook(Receiver.AbsoluteUri, ["*"]), None)));

        Assert.Equal(20, made.Count(result => result.Problem is null));
        Assert.Equal(10, made.Count(result => result.Problem?.Code.Name == "too_many_webhooks"));
        await room.Webhooks.Delete(owner, made.First(result => result.Problem is null).Value.Id, None);
        Assert.NotNull(await room.Subscribe(owner, Receiver));
    }

    [OnEveryDatabase]
    public async Task List_is_newest_first_by_number_and_by_cursor(DatabaseProvider provider)
    {
        var time = new ManualTime();
        await using var room = await WebhookRoom.Open(provider, time);
        var owner = WebhookRoom.Person();
        var ids = new List<Guid>();
        for (var i = 0; i < 3; i++)
        {
            ids.Insert(0, (await room.Subscribe(owner, Receiver)).Id);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        var second = await room.Webhooks.List(owner, new PageRequest(2, 2, null), None);
        var first = await room.Webhooks.List(owner, new PageRequest(2, null, null), None);
        Assert.True(Cursor.TryParse(first.NextCursor, out var cursor));
        var rest = await room.Webhooks.List(owner, new PageRequest(2, null, cursor), None);

        Assert.Equal((ids[2], 3L), (Assert.Single(second.Items).Id, second.Total));
        Assert.Equal(ids[..2], first.Items.Select(item => item.Id));
        Assert.Equal((ids[2], null), (Assert.Single(rest.Items).Id, rest.NextCursor));
    }

    [Fact]
    public async Task All_faults_are_told_at_once_with_what_was_meant()
    {
        await using var room = await WebhookRoom.Open(DatabaseProvider.Sqlite);

        var refused = await room.Webhooks.Create(
            WebhookRoom.Person(),
            new CreateWebhook("ftp://x", ["booking.confirmd", "event.*"], new string('x', 201), null, "mine"),
            None);

        var errors = refused.Problem!.Errors;
        Assert.Equal(["description", "events", "scope", "url"], errors.Keys.Order());
        Assert.Equal("knows no 'booking.confirmd'; did you mean 'booking.confirmed'?", Assert.Single(errors["events"]));
    }

    [Fact]
    public async Task Address_that_is_not_public_is_refused_when_it_is_saved()
    {
        await using var room = await WebhookRoom.Open(
            DatabaseProvider.Sqlite, options: new WebhooksOptions { Ports = ["80", "443"] });
        room.Names["inside.example"] = [IPAddress.Parse("1.1.1.1"), IPAddress.Parse("10.0.0.5")];
        var owner = WebhookRoom.Person();
        var webhook = await room.Subscribe(owner, Receiver);

        foreach (var (url, reason) in new[]
        {
            ("http://127.0.0.1/", "not public"),
            ("http://[::1]/", "not public"),
            ("http://0x7f.1/", "not public"),
            ("http://2130706433/", "not public"),
            ("http://169.254.169.254/latest/meta-data/", "not public"),
            ("https://inside.example/", "not public"),
            ("https://unknown.example/", "no address"),
        })
        {
            var created = await room.Webhooks.Create(owner, new CreateWebhook(url, ["*"]), None);
            var updated = await room.Webhooks.Update(owner, webhook.Id, new UpdateWebhook { Url = url }, None);
            Assert.All(new[] { created, updated }, refused =>
            {
                Assert.Equal(422, refused.Problem?.Code.Status);
                Assert.Contains(reason, Assert.Single(refused.Problem!.Errors["url"]), StringComparison.Ordinal);
            });
        }
    }

    [Fact]
    public async Task What_concerns_everyone_is_for_admins()
    {
        await using var room = await WebhookRoom.Open(DatabaseProvider.Sqlite);
        var admin = WebhookRoom.Person(Role.Admin);
        var request = new CreateWebhook(Receiver.AbsoluteUri, ["user.registered"], Scope: "all");

        var made = (await room.Webhooks.Create(admin, request, None)).Value;
        var refused = await room.Webhooks.Create(WebhookRoom.Person(Role.Organizer), request, None);
        var wished = await room.Webhooks.Update(
            admin with { Role = Role.Organizer }, made.Id, new UpdateWebhook { Active = true }, None);
        var log = await room.Deliveries.List(
            admin with { Role = Role.Organizer }, made.Id, new PageRequest(20, 1, null), None);
        var own = await room.Webhooks.Create(admin, request with { Scope = "own" }, None);

        Assert.Equal("forbidden", refused.Problem?.Code.Name);
        Assert.Equal("forbidden", wished.Problem?.Code.Name);
        Assert.Equal("not_found", log.Problem?.Code.Name);
        Assert.Contains("events", own.Problem!.Errors.Keys);
    }
}
