using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Ticketing.Tests.Services;

public sealed class GuestTests
{
    private const string Key = "4c6b1e0e-2f8e-4d0e-9f57-guest-key";
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [OnEveryDatabase]
    public async Task The_secret_opens_the_booking_and_no_other(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 9, price: 500);
        var mine = (await Book(office, @event.Id, "Ann@Example.org")).Value.Booking;
        var second = (await Book(office, @event.Id, "ann@example.org")).Value.Booking;
        var key = new BookingAccess(null, mine.Secret);

        var seen = (await office.Bookings.Get(key, mine.Id, cancellation)).Value;
        Assert.Equal(("ann@example.org", "Ann", null), (seen.Email, seen.Name, seen.Secret));
        Assert.Equal(43, mine.Secret!.Length);
        Assert.NotEqual(mine.Secret, second.Secret);
        Assert.Equal(0, await office.Count($"bookings WHERE secret_hash = '{mine.Secret}'"));
        foreach (var wrong in new BookingAccess[]
            { new(null, second.Secret), new(null, ""), new(null), BoxOffice.Person(), new(null, mine.Secret + "A") })
        {
            Assert.Equal("not_found", (await office.Bookings.Get(wrong, mine.Id, cancellation)).Problem?.Code.Name);
            Assert.Equal("not_found", (await office.Bookings.Cancel(wrong, mine.Id, cancellation)).Problem?.Code.Name);
            Assert.Equal("not_found", (await office.Payments.Begin(
                wrong, mine.Id, new BeginPayment(), cancellation)).Problem?.Code.Name);
        }

        await office.Mark(await office.Pay(key, mine), "succeeded");
        var tickets = (await office.Bookings.Get(key, mine.Id, cancellation)).Value.Tickets;
        Assert.Null((await office.Bookings.CancelTicket(key, mine.Id, tickets[0].Id, cancellation)).Problem);
        Assert.Null((await office.Bookings.Cancel(key, mine.Id, cancellation)).Problem);
        Assert.Equal("cancelled", (await office.Bookings.Get(key, mine.Id, cancellation)).Value.Status);
    }

    [OnEveryDatabase]
    public async Task A_key_replays_the_same_secret_for_the_same_guest_and_order_alone(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 9);

        var first = (await Book(office, @event.Id, "ann@example.org", Key)).Value;
        var again = (await Book(office, @event.Id, " ANN@example.org", Key)).Value;
        var stranger = (await Book(office, @event.Id, "eve@example.org", Key)).Value;

        Assert.Equal((true, first.Booking.Id, first.Booking.Secret),
            (again.Replayed, again.Booking.Id, again.Booking.Secret));
        Assert.NotEqual(first.Booking.Id, stranger.Booking.Id);
        Assert.Equal("idempotency_mismatch",
            (await Book(office, @event.Id, "ann@example.org", Key, "Eve")).Problem?.Code.Name);
        Assert.Equal("invalid_header", (await Book(office, @event.Id, "ann@example.org", "1")).Problem?.Code.Name);
        Assert.Equal(0, await office.Count($"idempotency_keys WHERE answer LIKE '%{first.Booking.Secret}%'"));
        Assert.Equal(0, await office.Count($"outbox WHERE payload LIKE '%{first.Booking.Secret}%'"));
    }

    [OnEveryDatabase]
    public async Task Guests_have_the_limits_of_buyers_and_every_fault_is_named(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 9);
        var few = await office.AddType(@event.Id, new CreateTicketType("Few", BuyerMax: 1));
        var order = new PlaceBooking(Items: [new PlaceBookingItem(few.Id)], Email: "ann@example.org");

        Assert.Null((await office.Bookings.Place(null, @event.Id, order, null, cancellation)).Problem);
        Assert.Equal("buyer_limit",
            (await office.Bookings.Place(null, @event.Id, order, null, cancellation)).Problem?.Code.Name);
        var wrong = new PlaceBooking(Quantity: 0, Name: new string('x', 101));
        Assert.Equal(["email", "name", "quantity"],
            (await office.Bookings.Place(null, @event.Id, wrong, null, cancellation)).Problem?.Errors.Keys);
    }

    [Fact]
    public async Task Nobody_learns_by_an_address_what_its_guest_has()
    {
        await using var office = await BoxOffice.Open(DatabaseProvider.Sqlite);
        var @event = await office.Publish(capacity: 3);
        var few = await office.AddType(@event.Id, new CreateTicketType("Few", BuyerMax: 2));
        var two = new PlaceBooking(Items: [new PlaceBookingItem(few.Id, 2)], Email: "ann@example.org");
        Assert.Null((await office.Bookings.Place(null, @event.Id, two, null, cancellation)).Problem);

        var of = await office.Bookings.Place(null, @event.Id, two, null, cancellation);
        var other = two with { Email = "bob@example.org" };
        Assert.Equal(("sold_out", "sold_out"), (
            of.Problem?.Code.Name,
            (await office.Bookings.Place(null, @event.Id, other, null, cancellation)).Problem?.Code.Name));
        var one = two with { Items = [new PlaceBookingItem(few.Id)] };
        var limit = (await office.Bookings.Place(null, @event.Id, one, null, cancellation)).Problem;
        Assert.Equal(("buyer_limit", 0), (limit?.Code.Name, limit?.Facts.Count));
    }

    [Fact]
    public async Task A_guest_has_ten_places_a_booking_at_most()
    {
        await using var office = await BoxOffice.Open(DatabaseProvider.Sqlite);
        var @event = await office.Publish(capacity: 30);
        var order = new PlaceBooking(Quantity: 11, Email: "ann@example.org");

        var refused = await office.Bookings.Place(null, @event.Id, order, null, cancellation);

        Assert.Equal(["quantity"], refused.Problem?.Errors.Keys);
        Assert.Null((await office.Bookings.Place(
            null, @event.Id, order with { Quantity = 10 }, null, cancellation)).Problem);
    }

    [Fact]
    public async Task An_installation_may_have_no_guests()
    {
        await using var office = await BoxOffice.Open(
            DatabaseProvider.Sqlite, new TicketingOptions { GuestBookings = false });
        var @event = await office.Publish(capacity: 9);

        Assert.Equal("unauthenticated", (await Book(office, @event.Id, "ann@example.org")).Problem?.Code.Name);
    }

    private Task<Result<PlacedBooking>> Book(
        BoxOffice office, Guid of, string email, string? key = null, string name = "Ann") =>
        office.Bookings.Place(null, of, new PlaceBooking(Email: email, Name: name), key, cancellation);
}
