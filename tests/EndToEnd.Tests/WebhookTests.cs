using Gatehouse.Foundation.Data;
using Gatehouse.Testing;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>From a booking to somebody else's server, through the whole program.</summary>
public sealed class WebhookTests(Installations installations)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private static readonly (string, string) Loopback = ("GATEHOUSE_WEBHOOKS__ALLOWEDHOSTS", "127.0.0.1");

    [Flow]
    public async Task Booking_reaches_the_servers_of_organizer_and_buyer_signed(Topology topology)
    {
        var installation = await installations.On(topology);
        await using var till = await WebhookReceiver.Start();
        await using var phone = await WebhookReceiver.Start();
        var buyer = await installation.Buyer();
        var ofOrganizer = await Subscribe(installation.Organizer, till, "booking.*");
        var ofBuyer = await Subscribe(buyer, phone, "*");
        var stranger = await Subscribe(await installation.Buyer(), phone, "*");

        var published = await installation.Organizer.Publish(capacity: 5);
        var booking = (await buyer.Book(published, quantity: 2)).Is(201);

        await till.WaitFor(1, Soon);
        await phone.WaitFor(1, Soon);
        foreach (var (receiver, webhook) in new[] { (till, ofOrganizer), (phone, ofBuyer) })
        {
            var got = Assert.Single(receiver.Got);
            Assert.True(new StandardWebhook(webhook["secret"])
                .Verifies(got.Headers, got.Body, TimeProvider.System.GetUtcNow()));
            Assert.Contains($"\"bookingId\":\"{booking.Id}\"", got.Body, StringComparison.Ordinal);
            Assert.All(
                booking.Json.GetProperty("tickets").EnumerateArray(),
                ticket => Assert.DoesNotContain(
                    ticket.GetProperty("code").GetString()!, got.Body, StringComparison.Ordinal));
        }

        Assert.Equal(till.Got.First().Id, phone.Got.First().Id);
        var log = (await buyer.Get($"/webhooks/{ofBuyer.Id}/deliveries")).Is(200);
        Assert.Equal(1, log.Number("total"));
        (await buyer.Get($"/webhooks/{stranger.Id}/deliveries")).IsProblem(404, "not_found");
    }

    [Fact]
    public async Task What_was_on_its_way_at_a_kill_is_sent_again_under_the_same_id()
    {
        await using var installation = await Installation.Start(
            DatabaseProvider.Sqlite, Loopback, ("GATEHOUSE_WEBHOOKS__TIMEOUTSECONDS", "2"));
        var answers = new TaskCompletionSource();
        await using var receiver = await WebhookReceiver.Start(_ => answers.Task);
        var webhook = await Subscribe(installation.Organizer, receiver, "*");
        (await installation.Organizer.Post($"/webhooks/{webhook.Id}/test", "")).Is(202);
        await receiver.WaitFor(1, Soon);

        installation.Process.Kill();
        answers.SetResult();
        await installation.Restart();

        await receiver.WaitFor(2, Soon);
        Assert.Single(receiver.Got.Select(got => got.Id).Distinct());
        await Poll.Until(
            async () =>
            {
                var log = (await installation.Organizer.Get($"/webhooks/{webhook.Id}/deliveries")).Is(200);
                var delivery = Assert.Single(log.Json.GetProperty("items").EnumerateArray());
                return delivery.GetProperty("status").GetString() == "delivered" &&
                    delivery.GetProperty("attempts").GetInt32() == 1;
            },
            Soon,
            "the log to say delivered");
    }

    [Fact]
    public async Task Addresses_of_this_machine_are_refused_where_nothing_allows_them()
    {
        await using var installation = await Installation.Start(DatabaseProvider.Sqlite);

        foreach (var host in new[] { "localhost:8080", "127.1", "[::1]", "169.254.169.254" })
        {
            var refused = await installation.Organizer.Post(
                "/webhooks", $$"""{"url":"http://{{host}}/","events":["*"]}""");
            refused.IsProblem(422, "validation_failed", "url");
        }
    }

    private static async Task<Answer> Subscribe(Api owner, WebhookReceiver receiver, string events) =>
        (await owner.Post("/webhooks", $$"""{"url":"{{receiver.Url}}","events":["{{events}}"]}""")).Is(201);
}
