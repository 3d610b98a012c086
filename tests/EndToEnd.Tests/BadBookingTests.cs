namespace Gatehouse.EndToEnd.Tests;

/// <summary>Bookings that are refused: nothing is sold by any of them.</summary>
public sealed class BadBookingTests(Installations installations)
{
    private static readonly string[] NoIds =
        ["1", "abc", "00000000-0000-0000-0000-000000000000", "0190163d8694739baea5966c26f8ad91", "%27%3B--", "null",
            "a%2Fb", TwoWays];

    // A gateway refuses it before anybody looks for it.
    private const string TwoWays = "..%2f";

    [InEveryTopology]
    public async Task A_quantity_that_is_none_is_refused(Topology topology)
    {
        var installation = await installations.On(topology);
        var buyer = await installation.Buyer();
        var eventId = await installation.Organizer.Publish(50);
        foreach (var quantity in new[]
        {
            "0", "-1", "101", "1000000000", "2147483648", "1e3", "1.5", "1.0", "\"1\"", "null", "true", "[1]", "{}",
            "99999999999999999999",
        })
        {
            var answer = await buyer.Post($"/events/{eventId}/bookings", $$"""{"quantity":{{quantity}}}""");
            answer.IsProblem(422, "validation_failed", "quantity");
        }

        foreach (var items in new[] { "[null]", "[{}]", "[{\"ticketTypeId\":null}]", "[]" })
        {
            (await buyer.Post($"/events/{eventId}/bookings", $$"""{"items":{{items}}}"""))
                .Is(422);
        }

        Assert.Equal(0, (await installation.Ledger.Agrees(eventId)).Bookings);
    }

    [InEveryTopology]
    public async Task What_the_buyer_may_not_decide_is_refused(Topology topology)
    {
        var installation = await installations.On(topology);
        var buyer = await installation.Buyer();
        var eventId = await installation.Organizer.Publish(50, price: 2_500);
        foreach (var field in new[] { "status", "price", "total", "currency", "userId", "id", "code", "tickets",
            "expiresAt" })
        {
            (await buyer.Post($"/events/{eventId}/bookings", $$"""{"quantity":1,"{{field}}":0}"""))
                .IsProblem(422, "validation_failed", field);
        }

        Assert.Equal(0, (await installation.Ledger.Agrees(eventId)).Bookings);
    }

    [InEveryTopology]
    public async Task An_id_that_is_no_id_is_not_found(Topology topology)
    {
        var installation = await installations.On(topology);
        var buyer = await installation.Buyer();
        if (installation.Split is not null)
        {
            (await buyer.Get($"/events/{TwoWays}")).IsProblem(400, "ambiguous_path");
        }

        foreach (var id in NoIds.Append($"{Guid.CreateVersion7()}")
            .Where(id => installation.Split is null || id != TwoWays))
        {
            (await buyer.Book(id)).IsProblem(404, "not_found");
            (await buyer.Get($"/bookings/{id}")).IsProblem(404, "not_found");
            (await buyer.Delete($"/bookings/{id}")).IsProblem(404, "not_found");
            (await buyer.Get($"/events/{id}")).IsProblem(404, "not_found");
            (await installation.Organizer.Patch($"/events/{id}", """{"capacity":5}""")).IsProblem(404, "not_found");
            (await installation.Admin.Delete($"/events/{id}")).IsProblem(404, "not_found");
        }
    }

    [Flow]
    public async Task Someone_elses_booking_is_answered_like_one_that_does_not_exist(Topology topology)
    {
        var installation = await installations.On(topology);
        var owner = await installation.Buyer();
        var booking = (await owner.Book(await installation.Organizer.Publish(5))).Is(201);
        foreach (var other in new[] { await installation.Buyer(), installation.Organizer, installation.Admin })
        {
            var unknown = await other.Get($"/bookings/{Guid.CreateVersion7()}");
            var theirs = await other.Get($"/bookings/{booking.Id}");
            Assert.Equal(unknown.IsProblem(404, "not_found").WithoutIds(),
                theirs.IsProblem(404, "not_found").WithoutIds());
            unknown = await other.Delete($"/bookings/{Guid.CreateVersion7()}");
            theirs = await other.Delete($"/bookings/{booking.Id}");
            Assert.Equal(unknown.IsProblem(404, "not_found").WithoutIds(),
                theirs.IsProblem(404, "not_found").WithoutIds());
            Assert.DoesNotContain(booking.Id, (await other.Get("/bookings")).Is(200).Text, StringComparison.Ordinal);
        }

        Assert.Equal("confirmed", (await owner.Get($"/bookings/{booking.Id}")).Is(200)["status"]);
    }

    [InEveryTopology]
    public async Task Drafts_cancelled_and_begun_events_are_not_sold(Topology topology)
    {
        var installation = await installations.On(topology);
        var buyer = await installation.Buyer();
        var draft = Api.Wish();
        draft.Remove("status");
        var draftId = (await installation.Organizer.Post("/events", draft.ToJsonString())).Is(201).Id;
        (await buyer.Book(draftId)).IsProblem(404, "not_found");

        var cancelledId = await installation.Organizer.Publish(5);
        (await installation.Organizer.Patch($"/events/{cancelledId}", """{"status":"cancelled"}""")).Is(200);
        (await buyer.Book(cancelledId)).IsProblem(409, "event_not_on_sale");

        var begunId = await installation.Organizer.Publish(5);
        var booking = (await buyer.Book(begunId)).Is(201);
        var anHourAgo = TimeProvider.System.GetUtcNow().AddHours(-1);
        (await installation.Organizer.Patch($"/events/{begunId}", $$"""{"startAt":"{{anHourAgo:O}}"}""")).Is(200);
        (await buyer.Book(begunId)).IsProblem(409, "event_started");
        (await buyer.Delete($"/bookings/{booking.Id}")).IsProblem(409, "event_started");
        Assert.Equal(1, (await installation.Ledger.Agrees(begunId)).Sold);
    }

    [Flow]
    public async Task More_places_than_are_left_are_refused_and_what_is_left_is_told(Topology topology)
    {
        var installation = await installations.On(topology);
        var buyer = await installation.Buyer();
        var eventId = await installation.Organizer.Publish(5);
        (await buyer.Book(eventId, 3)).Is(201);
        Assert.Equal(2, (await buyer.Book(eventId, 3)).IsProblem(409, "sold_out").Number("available"));
        (await buyer.Book(eventId, 2)).Is(201);
        Assert.Equal(0, (await buyer.Book(eventId)).IsProblem(409, "sold_out").Number("available"));
    }
}
