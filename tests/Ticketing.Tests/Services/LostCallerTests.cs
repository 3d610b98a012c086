using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Testing;
using Gatehouse.Ticketing.Domain;
using Gatehouse.Ticketing.Services;

namespace Gatehouse.Ticketing.Tests.Services;

public sealed class LostCallerTests
{
    [OnEveryDatabase]
    public async Task Who_hangs_up_while_a_booking_is_looked_for_leaves_nothing_locked(DatabaseProvider provider)
    {
        await using var office = await BoxOffice.Open(provider);
        var @event = await office.Publish(capacity: 10);
        var buyer = BoxOffice.Person();
        var booking = (await office.Book(@event.Id, 2, buyer)).Value.Booking;
        var real = office.Get<IBookingRepository>();
        var service = new BookingService(
            office.Get<BookingLanes>(),
            new OwnBookings(office.Get<EventLocks>(), new HungUp(real)),
            office.Get<IBookingViewRepository>(),
            office.Get<BookingCancellation>(),
            office.Get<GuestSecrets>(),
            office.Get<GuestLimit>(),
            new TicketingOptions(),
            office.Time);

        for (var i = 0; i < 3; i++)
        {
            await Assert.ThrowsAsync<OperationCanceledException>(() => service.Cancel(buyer, booking.Id, default));
        }

        Assert.Null((await office.Book(@event.Id)).Problem);
    }

    /// <summary>Its callers are gone by the time a booking is found.</summary>
    private sealed class HungUp(IBookingRepository real) : IBookingRepository
    {
        public Task<Booking?> Find(UnitOfWork unit, EventId of, BookingId id) => throw new OperationCanceledException();

        public Task MovePlaces(UnitOfWork unit, EventId of, Offer offer) => real.MovePlaces(unit, of, offer);

        public Task Insert(UnitOfWork unit, IReadOnlyList<Booking> bookings) => real.Insert(unit, bookings);

        public Task<Dictionary<(UserId Buyer, TicketTypeId Type), int>> Bought(
            UnitOfWork unit, EventId of, IReadOnlyList<UserId> buyers) => real.Bought(unit, of, buyers);

        public Task<IReadOnlyList<Booking>> ExpireHolds(UnitOfWork unit, EventId of, DateTimeOffset now, int limit) =>
            real.ExpireHolds(unit, of, now, limit);

        public Task<IReadOnlyList<EventId>> FindLapsed(DateTimeOffset now, int limit, CancellationToken cancellation) =>
            real.FindLapsed(now, limit, cancellation);

        public Task<EventId?> FindEvent(BookingId id, UserId buyer, CancellationToken cancellation) =>
            real.FindEvent(id, buyer, cancellation);

        public Task<(UserId Guest, string SecretHash)?> FindGuest(BookingId id, CancellationToken cancellation) =>
            real.FindGuest(id, cancellation);

        public Task Confirm(UnitOfWork unit, Booking booking) => real.Confirm(unit, booking);

        public Task<IReadOnlyList<Booking>> FindLive(UnitOfWork unit, EventId of, BookingId after, int limit) =>
            throw new NotSupportedException();

        public Task<(TicketTypeId Type, bool IsValid)?> FindTicket(UnitOfWork unit, Booking booking, TicketId ticket) =>
            real.FindTicket(unit, booking, ticket);

        public Task Cancel(UnitOfWork unit, Booking booking) => real.Cancel(unit, booking);

        public Task CancelTicket(UnitOfWork unit, Booking booking, TicketId ticket, TicketTypeId type) =>
            real.CancelTicket(unit, booking, ticket, type);
    }
}
