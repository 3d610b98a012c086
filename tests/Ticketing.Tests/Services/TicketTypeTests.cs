using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Ticketing.Tests.Services;

public sealed class TicketTypeTests
{
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [OnEveryDatabase]
    public async Task An_event_has_one_type_from_the_start_at_its_price(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 10, price: 1_500);

        var standard = Assert.Single(await office.SeeTypes(@event.Id));

        Assert.Equal(
            ("Standard", 1_500L, 10, "EUR"), (standard.Name, standard.Price, standard.Left, standard.Currency));
        var booking = (await office.Book(@event.Id, 2)).Value.Booking;
        Assert.Equal(new BookingItemView(standard.Id, "Standard", 2, 1_500), Assert.Single(booking.Items));
    }

    [OnEveryDatabase]
    public async Task All_pools_of_a_booking_are_taken_or_none(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 10);
        var balcony = await office.AddType(@event.Id, new CreateTicketType("Balcony", Capacity: 3));
        var floor = (await office.SeeTypes(@event.Id))[0];

        var refused = (await office.Book(@event.Id, null, null, (floor, 2), (balcony, 4))).Problem;
        Assert.Equal("sold_out", refused?.Code.Name);
        Assert.Equal(3, refused?.Facts["available"]);
        Assert.Contains("Balcony", refused?.Detail, StringComparison.Ordinal);
        Assert.Equal(10, (await office.See(@event.Id)).Available);

        var booking = (await office.Book(@event.Id, null, null, (floor, 2), (balcony, 3))).Value.Booking;
        Assert.Equal(5, booking.Tickets.Count);
        Assert.Equal(3, booking.Tickets.Count(ticket => ticket.TicketTypeId == balcony.Id));
        Assert.Equal([5, 0], (await office.SeeTypes(@event.Id)).Select(type => type.Left));
        Assert.Equal("sold_out", (await office.Book(@event.Id, null, null, (balcony, 1))).Problem?.Code.Name);
    }

    [OnEveryDatabase]
    public async Task Places_go_back_to_the_pools_they_came_from(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 10, price: 100);
        var balcony = await office.AddType(@event.Id, new CreateTicketType("Balcony", Price: 200, Capacity: 3));
        var free = await office.AddType(@event.Id, new CreateTicketType("Guest", Pools: balcony.Pools));
        var buyer = BoxOffice.Person();
        await office.Book(@event.Id, null, null, (balcony, 1));
        var guest = (await office.Book(@event.Id, buyer, null, (free, 2))).Value.Booking;

        Assert.Equal("confirmed", guest.Status);
        Assert.Equal("sold_out", (await office.Book(@event.Id, null, null, (balcony, 1))).Problem?.Code.Name);
        office.Time.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal([8, 1, 1], (await office.SeeTypes(@event.Id)).Select(type => type.Left));
        await office.Bookings.Cancel(buyer, guest.Id, cancellation);
        Assert.Equal([10, 3, 3], (await office.SeeTypes(@event.Id)).Select(type => type.Left));
        Assert.Null((await office.Book(@event.Id, null, null, (free, 3))).Problem);
        Assert.Equal(0, await office.Count("pools WHERE held <> 0"));
    }

    [OnEveryDatabase]
    public async Task Types_that_share_a_pool_sell_it_exactly_from_two_instances(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var second = office.Second();
        var @event = await office.Publish(capacity: 500);
        var a = await office.AddType(@event.Id, new CreateTicketType("A", Capacity: 60));
        var b = await office.AddType(@event.Id, new CreateTicketType("B", Pools: a.Pools));

        var results = await Task.WhenAll(Enumerable.Range(0, 120).Select(i => Task.Run(() =>
            (i % 2 == 0 ? office : second).Book(@event.Id, null, null, i % 3 == 0
                ? [(a, 1)]
                : i % 3 == 1 ? [(b, 2)] : [(a, 1), (b, 1)]))));
        while ((await office.Book(@event.Id, null, null, (b, 1))).Problem is null)
        {
        }

        Assert.All(results, r => Assert.True(r.Problem is null || r.Problem.Code.Name == "sold_out"));
        Assert.Equal(1, await office.Count("pools WHERE name = 'A' AND sold = 60 AND held = 0"));
        Assert.Equal(1, await office.Count("pools WHERE name IS NULL AND sold = 60"));
        Assert.Equal(60, await office.Count("tickets"));
    }

    [OnEveryDatabase]
    [Trait("ASVS", "2.4.1")]
    public async Task One_buyer_gets_no_more_than_a_type_allows_however_it_is_asked(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 100);
        var type = await office.AddType(@event.Id, new CreateTicketType("Few", BuyerMax: 4));
        var buyer = BoxOffice.Person();

        var results = await Task.WhenAll(Enumerable.Range(0, 10)
            .Select(_ => Task.Run(() => office.Book(@event.Id, buyer, null, (type, 2)))));

        Assert.Equal(2, results.Count(result => result.Problem is null));
        Assert.All(results.Where(r => r.Problem is not null), r => Assert.Equal("buyer_limit", r.Problem!.Code.Name));
        Assert.Equal(0, (await office.Book(@event.Id, buyer, null, (type, 1))).Problem?.Facts["left"]);
        Assert.Null((await office.Book(@event.Id, null, null, (type, 4))).Problem);
        // What was given back may be booked again.
        await office.Bookings.Cancel(buyer, results.First(r => r.Problem is null).Value.Booking.Id, cancellation);
        Assert.Null((await office.Book(@event.Id, buyer, null, (type, 2))).Problem);
    }

    [OnEveryDatabase]
    public async Task A_type_is_sold_in_its_window_and_in_its_numbers(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 100);
        var now = office.Time.Now();
        var type = await office.AddType(@event.Id, new CreateTicketType(
            "Early", SaleFrom: now.AddHours(1), SaleUntil: now.AddHours(2), QuantityMin: 2, QuantityMax: 4));

        Assert.Equal("ticket_type_not_on_sale", await Refusal(2));
        office.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("validation_failed", await Refusal(1));
        Assert.Equal("validation_failed", await Refusal(5));
        Assert.Null(await Refusal(2));
        office.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("ticket_type_not_on_sale", await Refusal(2));

        async Task<string?> Refusal(int quantity) =>
            (await office.Book(@event.Id, null, null, (type, quantity))).Problem?.Code.Name;
    }

    [OnEveryDatabase]
    public async Task Orders_that_make_no_sense_are_refused_by_field(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 100);
        var standard = (await office.SeeTypes(@event.Id))[0];
        var other = (await office.SeeTypes((await office.Publish(capacity: 5)).Id))[0];
        var balcony = await office.AddType(@event.Id, new CreateTicketType("Balcony"));

        Assert.Equal(["items"], await Faults(new PlaceBooking(2)));
        Assert.Equal(["items"], await Faults(new PlaceBooking(Items: [])));
        Assert.Equal(["items"], await Faults(Items((standard, 1), (standard, 1))));
        Assert.Equal(["items"], await Faults(Items((standard, 60), (balcony, 60))));
        Assert.Equal(["items[1].quantity"], await Faults(Items((standard, 1), (balcony, 0))));
        Assert.Equal(["items[0].ticketTypeId"], await Faults(Items((other, 1))));
        Assert.Equal(["items[0].ticketTypeId"], await Faults(new PlaceBooking(Items: [new PlaceBookingItem()])));
        Assert.Equal(["quantity"], await Faults(Items((standard, 1)) with { Quantity = 1 }));
        Assert.Equal(100, (await office.See(@event.Id)).Available);

        static PlaceBooking Items(params (TicketTypeView Type, int Quantity)[] items) =>
            new(Items: [.. items.Select(item => new PlaceBookingItem(item.Type.Id, item.Quantity))]);

        async Task<IEnumerable<string>> Faults(PlaceBooking order)
        {
            var placed = await office.Bookings.Place(BoxOffice.Person(), @event.Id, order, null, cancellation);
            return placed.Problem?.Errors.Keys ?? [];
        }
    }

    [OnEveryDatabase]
    public async Task A_repeated_order_is_the_same_in_any_order_of_its_items(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 100);
        var a = (await office.SeeTypes(@event.Id))[0];
        var b = await office.AddType(@event.Id, new CreateTicketType("B"));
        var buyer = BoxOffice.Person();

        var first = (await office.Book(@event.Id, buyer, "key", (a, 1), (b, 2))).Value;
        var second = (await office.Book(@event.Id, buyer, "key", (b, 2), (a, 1))).Value;

        Assert.True(second.Replayed);
        Assert.Equal(first.Booking.Id, second.Booking.Id);
        Assert.Equal(first.Booking.Items, second.Booking.Items);
        Assert.Equal("idempotency_mismatch",
            (await office.Book(@event.Id, buyer, "key", (b, 1), (a, 2))).Problem?.Code.Name);
    }

    [OnEveryDatabase]
    public async Task A_type_that_was_booked_is_archived_and_one_that_was_not_is_gone(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 100, price: 500);
        var standard = (await office.SeeTypes(@event.Id))[0];
        var cheap = await office.AddType(@event.Id, new CreateTicketType("Cheap", Price: 100, Capacity: 5));
        var never = await office.AddType(@event.Id, new CreateTicketType("Never", Price: 50));
        await office.Book(@event.Id, null, null, (cheap, 1));
        Assert.Equal(50, (await office.See(@event.Id)).Price);

        foreach (var type in new[] { never, cheap })
        {
            Assert.Null((await office.Types.Delete(office.Organizer, @event.Id, type.Id, cancellation)).Problem);
        }

        Assert.Equal(500, (await office.See(@event.Id)).Price);
        Assert.Equal([standard.Id], (await office.SeeTypes(@event.Id)).Select(type => type.Id));
        var own = (await office.Types.List(office.Organizer, @event.Id, cancellation)).Value;
        Assert.Equal([null, true], own.Select(type => type.Archived));
        Assert.Equal(["items[0].ticketTypeId"],
            (await office.Book(@event.Id, null, null, (cheap, 1))).Problem?.Errors.Keys);
        Assert.Equal("last_ticket_type",
            (await office.Types.Delete(office.Organizer, @event.Id, standard.Id, cancellation)).Problem?.Code.Name);
        var inUse = await office.Types.DeletePool(office.Organizer, @event.Id, cheap.Pools[0], cancellation);
        Assert.Equal("pool_in_use", inUse.Problem?.Code.Name);
    }

    [OnEveryDatabase]
    public async Task The_price_of_an_event_with_several_types_is_theirs(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 100, price: 500);
        var standard = (await office.SeeTypes(@event.Id))[0];
        var changed = await office.Events.Update(
            office.Organizer, @event.Id, new UpdateEvent { Price = 600 }, null, cancellation);

        Assert.Equal(600, changed.Value.Price);
        Assert.Equal(600, (await office.SeeTypes(@event.Id))[0].Price);
        await office.AddType(@event.Id, new CreateTicketType("Other", Price: 900));
        var refused = await office.Events.Update(
            office.Organizer, @event.Id, new UpdateEvent { Price = 700 }, null, cancellation);
        Assert.Equal(["price"], refused.Problem?.Errors.Keys);
        await office.Types.Update(
            office.Organizer, @event.Id, standard.Id, new UpdateTicketType { Price = 1_000 }, cancellation);
        Assert.Equal(900, (await office.See(@event.Id)).Price);
    }

    [OnEveryDatabase]
    public async Task Pools_are_not_made_smaller_than_what_is_taken_and_their_names_are_theirs(
        DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 100);
        var pool = (await office.Types.CreatePool(
            office.Organizer, @event.Id, new PoolRequest("Tent", 20), cancellation)).Value;
        var type = await office.AddType(@event.Id, new CreateTicketType("Camper", Pools: [pool.Id]));
        await office.Book(@event.Id, null, null, (type, 15));

        var small = await office.Types.UpdatePool(
            office.Organizer, @event.Id, pool.Id, new PoolRequest(Size: 14), cancellation);
        Assert.Equal(("capacity_below_sold", 15L), (small.Problem?.Code.Name, small.Problem?.Facts["taken"]));
        var twice = await office.Types.CreatePool(
            office.Organizer, @event.Id, new PoolRequest("Tent", 5), cancellation);
        Assert.Equal(["name"], twice.Problem?.Errors.Keys);
        var fitting = await office.Types.UpdatePool(
            office.Organizer, @event.Id, pool.Id, new PoolRequest("Field", 15), cancellation);
        Assert.Equal(new PoolView(pool.Id, "Field", 15, 0, 15), fitting.Value);
        Assert.Equal("sold_out", (await office.Book(@event.Id, null, null, (type, 1))).Problem?.Code.Name);
    }

    [OnEveryDatabase]
    public async Task Nobody_else_sees_or_changes_them(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 100);
        var (type, stranger) = ((await office.SeeTypes(@event.Id))[0], BoxOffice.Person(Role.Organizer));
        var types = office.Types;

        foreach (var of in new[] { @event.Id, Guid.NewGuid() })
        {
            var problems = new[]
            {
                (await types.Create(stranger, of, new CreateTicketType("X"), cancellation)).Problem,
                (await types.Update(stranger, of, type.Id, new UpdateTicketType { Price = 0 }, cancellation)).Problem,
                (await types.Delete(stranger, of, type.Id, cancellation)).Problem,
                (await types.ListPools(stranger, of, cancellation)).Problem,
                (await types.CreatePool(stranger, of, new PoolRequest("X", 1), cancellation)).Problem,
                (await types.UpdatePool(stranger, of, Guid.NewGuid(), new PoolRequest("X", 1), cancellation)).Problem,
                (await types.DeletePool(stranger, of, Guid.NewGuid(), cancellation)).Problem,
            };
            Assert.All(problems, problem => Assert.Equal(Problem.NotFound("event").Detail, problem?.Detail));
        }
    }
}
