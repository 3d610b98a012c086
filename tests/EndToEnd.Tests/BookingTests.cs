namespace Gatehouse.EndToEnd.Tests;

/// <summary>A booking's way: confirmed or held, seen by its buyer, cancelled.</summary>
public sealed class BookingTests(Installations installations)
{
    [Flow]
    public async Task A_free_booking_is_confirmed_with_a_ticket_a_place(Topology topology)
    {
        var installation = await installations.On(topology);
        var buyer = await installation.Buyer();
        var eventId = await installation.Organizer.Publish(5);
        var booking = (await buyer.Book(eventId, 3)).Is(201);

        Assert.Equal("confirmed", booking["status"]);
        Assert.Equal(0, booking.Number("total"));
        Assert.Equal($"/bookings/{booking.Id}", booking.Header("Location"));
        Assert.False(booking.Json.TryGetProperty("expiresAt", out _));
        Assert.Equal(3, booking.Json.GetProperty("tickets").EnumerateArray().Select(t =>
            t.GetProperty("code").GetString()).Distinct().Count());
        Assert.Equal(2, await installation.Organizer.Available(eventId));
        Assert.Equal(booking.Id, (await buyer.Get($"/bookings/{booking.Id}")).Is(200).Id);
        Assert.Equal(1, (await buyer.Post($"/events/{eventId}/bookings", "")).Is(201).Number("quantity"));
    }

    [Flow]
    public async Task A_priced_booking_is_held_without_tickets(Topology topology)
    {
        var installation = await installations.On(topology);
        var buyer = await installation.Buyer();
        var eventId = await installation.Organizer.Publish(5, price: 1_250);
        var booking = (await buyer.Book(eventId, 4)).Is(201);

        Assert.Equal("held", booking["status"]);
        Assert.Equal(5_000, booking.Number("total"));
        Assert.Equal("EUR", booking["currency"]);
        Assert.Empty(booking.Json.GetProperty("tickets").EnumerateArray());
        Assert.True(booking.Json.GetProperty("expiresAt").GetDateTimeOffset() > TimeProvider.System.GetUtcNow());
        Assert.Equal(1, await installation.Organizer.Available(eventId));
        Assert.Equal(4, (await installation.Ledger.Agrees(eventId)).Held);
        (await buyer.Book(eventId, 2)).IsProblem(409, "sold_out");
        (await buyer.Delete($"/bookings/{booking.Id}")).Is(204);
        Assert.Equal(5, await installation.Organizer.Available(eventId));
        Assert.Equal(0, (await installation.Ledger.Agrees(eventId)).Held);
    }

    [InEveryTopology]
    public async Task A_booking_cancelled_many_times_gives_its_places_back_once(Topology topology)
    {
        var installation = await installations.On(topology);
        var buyer = await installation.Buyer();
        var eventId = await installation.Organizer.Publish(10);
        var kept = (await buyer.Book(eventId, 4)).Is(201);
        var booking = (await buyer.Book(eventId, 3)).Is(201);
        foreach (var answer in await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => buyer.Delete($"/bookings/{booking.Id}"))))
        {
            answer.Is(204);
        }

        Assert.Equal(6, await installation.Organizer.Available(eventId));
        Assert.Equal(4, (await installation.Ledger.Agrees(eventId)).ValidTickets);
        var cancelled = (await buyer.Get($"/bookings/{booking.Id}")).Is(200);
        Assert.Equal("cancelled", cancelled["status"]);
        Assert.Empty(cancelled.Json.GetProperty("tickets").EnumerateArray());
        Assert.Equal("confirmed", (await buyer.Get($"/bookings/{kept.Id}")).Is(200)["status"]);
    }
}
