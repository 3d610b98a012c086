using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Testing;

namespace Gatehouse.Ticketing.Tests.Services;

public sealed class CancellationTests
{
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [OnEveryDatabase]
    public async Task One_ticket_is_given_back_at_once_and_the_last_one_ends_the_booking(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 3);
        var balcony = await office.AddType(@event.Id, new CreateTicketType("Balcony", Capacity: 2));
        var standard = (await office.SeeTypes(@event.Id))[0];
        var buyer = BoxOffice.Person();
        var booking = (await office.Book(@event.Id, buyer, null, (standard, 1), (balcony, 2))).Value.Booking;
        var first = booking.Tickets.First(ticket => ticket.TicketTypeId == balcony.Id);

        for (var again = 0; again < 2; again++)
        {
            Assert.Null((await office.Bookings.CancelTicket(buyer, booking.Id, first.Id, cancellation)).Problem);
            Assert.Equal([1, 1], (await office.SeeTypes(@event.Id)).Select(type => type.Left));
        }

        var seen = (await office.Bookings.Get(buyer, booking.Id, cancellation)).Value;
        Assert.Equal(("confirmed", 2), (seen.Status, seen.Quantity));
        Assert.Equal([1, 1], seen.Items.Select(item => item.Quantity));
        Assert.DoesNotContain(seen.Tickets, ticket => ticket.Id == first.Id);
        Assert.Equal(1, await office.Count("outbox WHERE type = 'booking.ticket_cancelled'"));

        await Task.WhenAll(booking.Tickets.Select(ticket =>
            Task.Run(() => office.Bookings.CancelTicket(buyer, booking.Id, ticket.Id, cancellation))));
        Assert.Equal("cancelled", (await office.Bookings.Get(buyer, booking.Id, cancellation)).Value.Status);
        Assert.Equal([3, 2], (await office.SeeTypes(@event.Id)).Select(type => type.Left));
        Assert.Equal(1, await office.Count("outbox WHERE type = 'booking.cancelled'"));
        Assert.Equal(0, await office.Count("pools WHERE sold <> 0"));
    }

    [OnEveryDatabase]
    public async Task What_is_left_of_a_booking_after_one_ticket_is_given_back_when_it_is_cancelled(
        DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 5);
        var buyer = BoxOffice.Person();
        var booking = (await office.Book(@event.Id, 4, buyer)).Value.Booking;

        await office.Bookings.CancelTicket(buyer, booking.Id, booking.Tickets[0].Id, cancellation);
        await office.Bookings.Cancel(buyer, booking.Id, cancellation);

        Assert.Equal(5, (await office.See(@event.Id)).Available);
        Assert.Equal(0, await office.Count("tickets WHERE status = 'valid'"));
    }

    [OnEveryDatabase]
    public async Task Buyers_cancel_until_the_deadline_and_the_organizer_always(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 10, startsIn: TimeSpan.FromDays(2));
        var deadline = new UpdateEvent { CancelUntil = office.Time.Now().AddDays(1) };
        await office.Events.Update(office.Organizer, @event.Id, deadline, null, cancellation);
        var buyer = BoxOffice.Person();
        var early = (await office.Book(@event.Id, 1, buyer)).Value.Booking;
        var late = (await office.Book(@event.Id, 2, buyer)).Value.Booking;
        await office.Bookings.Cancel(buyer, early.Id, cancellation);
        office.Time.Advance(TimeSpan.FromDays(1));

        Assert.Null((await office.Bookings.Cancel(buyer, early.Id, cancellation)).Problem);
        Assert.Equal("cancellation_closed",
            (await office.Bookings.Cancel(buyer, late.Id, cancellation)).Problem?.Code.Name);
        Assert.Equal("cancellation_closed",
            (await office.Bookings.CancelTicket(buyer, late.Id, late.Tickets[0].Id, cancellation)).Problem?.Code.Name);
        office.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal("event_started", (await office.Bookings.Cancel(buyer, late.Id, cancellation)).Problem?.Code.Name);

        var organizer = office.Get<IEventBookings>();
        Assert.Null((await organizer.CancelTicket(
            office.Organizer, @event.Id, late.Id, late.Tickets[0].Id, cancellation)).Problem);
        Assert.Equal(9, (await office.See(@event.Id)).Available);
        for (var again = 0; again < 2; again++)
        {
            Assert.Null((await organizer.Cancel(office.Organizer, @event.Id, late.Id, cancellation)).Problem);
        }

        Assert.Equal(10, (await office.See(@event.Id)).Available);
    }

    [OnEveryDatabase]
    public async Task Someone_elses_booking_or_event_is_like_none(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 10);
        var other = await office.Publish(capacity: 10);
        var buyer = BoxOffice.Person();
        var booking = (await office.Book(@event.Id, 2, buyer)).Value.Booking;
        var ticket = booking.Tickets[0].Id;
        var (stranger, organizer) = (BoxOffice.Person(Role.Organizer), office.Get<IEventBookings>());

        var problems = new[]
        {
            (await office.Bookings.Cancel(stranger, booking.Id, cancellation)).Problem,
            (await office.Bookings.CancelTicket(stranger, booking.Id, ticket, cancellation)).Problem,
            (await office.Bookings.CancelTicket(buyer, booking.Id, Guid.NewGuid(), cancellation)).Problem,
            (await organizer.Cancel(stranger, @event.Id, booking.Id, cancellation)).Problem,
            (await organizer.Cancel(office.Organizer, other.Id, booking.Id, cancellation)).Problem,
            (await organizer.CancelTicket(stranger, @event.Id, booking.Id, ticket, cancellation)).Problem,
            (await organizer.CancelTicket(office.Organizer, other.Id, booking.Id, ticket, cancellation)).Problem,
        };

        Assert.All(problems, problem => Assert.Equal("not_found", problem?.Code.Name));
        Assert.Equal(8, (await office.See(@event.Id)).Available);
    }

    [OnEveryDatabase]
    public async Task An_event_that_is_over_is_shown_as_ended(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 10, startsIn: TimeSpan.FromHours(1));

        office.Time.Advance(TimeSpan.FromHours(4));

        Assert.Equal("ended", (await office.See(@event.Id)).Status);
    }
}
