using Gatehouse.Foundation.Data;
using Gatehouse.Testing;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>SIGKILL in the middle of cancelling what was booked of an event.</summary>
[Collection(Alone.Name)]
public sealed class CancelledEventTests
{
    private const int Bookings = 800;

    [OnEveryDatabase]
    public async Task Cancelled_event_cancels_and_tells_each_booking_once_through_a_kill(DatabaseProvider provider)
    {
        await using var installation = await Installation.Start(provider);
        var eventId = await installation.Organizer.Publish(Bookings);
        var buyers = await installation.Buyers(8);
        await Task.WhenAll(buyers.Select(async buyer =>
        {
            for (var i = 0; i < Bookings / buyers.Count; i++)
            {
                (await buyer.Book(eventId)).Is(201);
            }
        }));
        Task<long> Cancelled() =>
            installation.Ledger.Rows("ticketing", $"bookings WHERE status = 'cancelled' AND event_id = '{eventId}'");

        (await installation.Organizer.Patch($"/events/{eventId}", """{"status":"cancelled"}""")).Is(200);
        await Poll.Until(async () => await Cancelled() > 0, TimeSpan.FromSeconds(30), "the first to be cancelled");
        installation.Process.Kill();
        await installation.Restart();
        (await (await installation.Buyer()).Book(eventId)).IsProblem(409, "event_not_on_sale");
        await Poll.Until(
            async () => await Cancelled() == Bookings &&
                await installation.Ledger.Rows("notifications", "mails WHERE template = 'event-cancelled'") == Bookings,
            TimeSpan.FromSeconds(60),
            "all to be cancelled and told");

        var books = await installation.Ledger.Agrees(eventId);
        Assert.Equal((0, 0, 0), (books.Sold, books.Held, books.ValidTickets));
        Assert.Equal(Bookings, await installation.Ledger.Rows("ticketing", "outbox WHERE type = 'booking.cancelled'"));
        Assert.Equal(0, await installation.Ledger.Rows("notifications", "mails WHERE template = 'booking-cancelled'"));
    }
}
