using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Ticketing.Services;

internal sealed class BookingService(
    [FromKeyedServices(TicketingModule.DatabaseName)] Database database,
    BookingLanes lanes,
    EventLocks locks,
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
            await locks.Take(unit, of) is not { } locked ||
            await bookings.Find(unit, of, booking, caller.User) is not { } found)
        {
            return Problem.NotFound("booking");
        }

        if (locked.Event.HasBegun(locked.Now))
        {
            return TicketingProblems.Started();
        }

        if (found.Cancel(locked.Pool))
        {
            await bookings.Cancel(unit, found);
            await locks.Save(unit, locked, [found.ToReleased(locked.Now)]);
            await unit.Commit();
        }

        return new Done();
    }
}
