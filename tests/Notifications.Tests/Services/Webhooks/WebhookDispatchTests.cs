using System.Text.Json;
using Gatehouse.Contracts.Notifications;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Notifications.Services.Webhooks;
using Gatehouse.Testing;

namespace Gatehouse.Notifications.Tests.Services.Webhooks;

public sealed class WebhookDispatchTests
{
    private static readonly Uri Receiver = new("https://receiver.example/hook");

    [OnEveryDatabase]
    public async Task Buyer_organizer_and_admin_are_told_of_a_booking_and_nobody_else(DatabaseProvider provider)
    {
        await using var room = await WebhookRoom.Open(provider);
        var (buyer, organizer, admin) = (
            WebhookRoom.Person(), WebhookRoom.Person(Role.Organizer), WebhookRoom.Person(Role.Admin));
        var of = Guid.NewGuid();
        var told = new[]
        {
            await room.Subscribe(buyer, Receiver, "booking.*"),
            await room.Subscribe(organizer, Receiver),
            await ForAll(room, admin),
        };
        var untold = new[]
        {
            await room.Subscribe(buyer, Receiver, "event.*", "booking.cancelled"),
            await room.Subscribe(WebhookRoom.Person(Role.Organizer), Receiver),
            await room.Subscribe(admin, Receiver),
            await Inactive(room, buyer),
        };
        await room.Tell(Facts.Event(of, organizer: organizer.User.Value));
        var before = await Count(room);
        var fact = Facts.Confirmed(Guid.NewGuid(), of, buyer.User.Value, tickets: ["TICKETCODE0000000000000001"]);

        await room.Tell(fact);

        Assert.Equal(before + 3, await Count(room));
        foreach (var webhook in told)
        {
            var delivery = (await room.Deliveries.Get(
                webhook == told[0] ? buyer : webhook == told[1] ? organizer : admin,
                webhook.Id,
                (await room.Newest(webhook)).Id,
                CancellationToken.None)).Value;
            Assert.Equal((fact.Id, "booking.confirmed"), (delivery.MessageId, delivery.Type));
            Assert.Equal("pending", delivery.Status);
            Assert.DoesNotContain("TICKETCODE", delivery.Body, StringComparison.Ordinal);
            var body = JsonDocument.Parse(delivery.Body!).RootElement;
            Assert.Equal("booking.confirmed", body.GetProperty("type").GetString());
            Assert.Equal(fact.OccurredAt, body.GetProperty("timestamp").GetDateTimeOffset());
            Assert.Equal(
                ["bookingId", "code", "currency", "eventId", "quantity", "status", "total", "userId"],
                body.GetProperty("data").EnumerateObject().Select(member => member.Name).Order());
        }

        foreach (var webhook in untold)
        {
            Assert.Empty(await room.Log(webhook));
        }
    }

    [OnEveryDatabase]
    public async Task Same_fact_twice_is_one_delivery_and_one_job(DatabaseProvider provider)
    {
        await using var room = await WebhookRoom.Open(provider);
        var organizer = WebhookRoom.Person(Role.Organizer);
        var webhook = await room.Subscribe(organizer, Receiver);
        var fact = Facts.Event(Guid.NewGuid(), organizer: organizer.User.Value);

        await room.Tell(fact);
        await room.Tell(fact);

        Assert.Single(await room.Log(webhook));
        Assert.Equal(1, await room.Ask<long>("SELECT COUNT(*) FROM jobs"));
    }

    [Fact]
    public async Task Booking_of_an_event_that_is_not_known_yet_is_to_come_again()
    {
        await using var room = await WebhookRoom.Open(DatabaseProvider.Sqlite);
        var buyer = WebhookRoom.Person();
        var fact = Facts.Confirmed(Guid.NewGuid(), Guid.NewGuid(), buyer.User.Value);
        // As long as nobody has a webhook, nothing is to be known.
        await room.Tell(fact);
        await room.Subscribe(buyer, Receiver);

        await Assert.ThrowsAsync<AudienceUnknownException>(() => room.Tell(fact));
    }

    [Fact]
    public async Task Registration_is_told_to_admins_without_the_address()
    {
        await using var room = await WebhookRoom.Open(DatabaseProvider.Sqlite);
        var admin = WebhookRoom.Person(Role.Admin);
        var webhook = await ForAll(room, admin);
        var user = Guid.NewGuid();

        await room.Tell(Facts.Registered(user));

        var delivery = await room.Newest(webhook);
        var body = (await room.Deliveries.Get(admin, webhook.Id, delivery.Id, CancellationToken.None)).Value.Body!;
        Assert.Contains(user.ToString(), body, StringComparison.Ordinal);
        Assert.DoesNotContain("ann", body, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<WebhookView> ForAll(WebhookRoom room, Caller admin) => (await room.Webhooks.Create(
        admin, new CreateWebhook(Receiver.AbsoluteUri, ["*"], Scope: "all"), CancellationToken.None)).Value;

    private static async Task<WebhookView> Inactive(WebhookRoom room, Caller owner) => (await room.Webhooks.Create(
        owner, new CreateWebhook(Receiver.AbsoluteUri, ["*"], Active: false), CancellationToken.None)).Value;

    private static Task<long> Count(WebhookRoom room) => room.Ask<long>("SELECT COUNT(*) FROM webhook_deliveries");
}
