using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Ticketing.Services;

internal sealed class BookingService(
    [FromKeyedServices(TicketingModule.DatabaseName)] Database database,
    BookingLanes lanes,
    IEventRepository events,
    IBookingRepository bookings,
    IBookingViewRepository views,
    TimeProvider time) : IBookings
{
    public Task<Result<PlacedBooking>> Place(
        Caller caller, Guid eventId, PlaceBooking request, string? idempotencyKey, CancellationToken cancellation)
    {
        if (Booking.WhyNotQuantity(request.Quantity) is { } problem)
        {
            return Task.FromResult<Result<PlacedBooking>>(problem);
        }

        var idempotency = idempotencyKey is null
            ? null
            : new IdempotentRequest(
                caller.User, idempotencyKey, IdempotentRequest.Hash("bookings", eventId, request.Quantity));
        return lanes.Place(
            new BookingRequest(caller.User, new EventId(eventId), request.Quantity, idempotency, cancellation));
    }

    public Task<Page<BookingView>> List(Caller caller, PageRequest page, CancellationToken cancellation) =>
        views.List(caller.User, page, time.Now(), cancellation);

    public async Task<Result<BookingView>> Get(Caller caller, Guid id, CancellationToken cancellation) =>
        await views.Find(caller.User, new BookingId(id), time.Now(), cancellation) is { } view
            ? view
            : Problem.NotFound("booking");

    public async Task<Result<Done>> Cancel(Caller caller, Guid id, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var booking = new BookingId(id);
        if (await bookings.FindEvent(unit, booking, caller.User) is not { } of ||
            await events.Lock(unit, of) is not var (@event, pool))
        {
            return Problem.NotFound("booking");
        }

        var now = time.Now();
        if (@event.HasBegun(now))
        {
            return TicketingProblems.Started();
        }

        if (await bookings.Cancel(unit, of, booking, caller.User) is { } cancelled)
        {
            var (held, sold) = cancelled.WasHeld ? (cancelled.Quantity, 0) : (0, cancelled.Quantity);
            await bookings.MovePlaces(unit, of, pool, -held, -sold);
            await Outbox.Add(unit, BookingFacts.Released(cancelled, of, BookingStatus.Cancelled, now));
            await unit.Commit();
        }

        return new Done();
    }
}
