using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

internal sealed class BookingService(
    BookingLanes lanes,
    OwnBookings own,
    IBookingViewRepository views,
    BookingCancellation cancelling,
    TimeProvider time) : IBookings
{
    public Task<Result<PlacedBooking>> Place(
        Caller caller, Guid eventId, PlaceBooking request, string? idempotencyKey, CancellationToken cancellation)
    {
        var order = request.ToOrder(caller.User);
        if (BookingLines.WhyNot(order.Items, order.Quantity) is { } problem)
        {
            return Task.FromResult<Result<PlacedBooking>>(problem);
        }

        var idempotency = idempotencyKey is null
            ? null
            : new IdempotentRequest(caller.User, idempotencyKey, order.Fingerprint(eventId));
        return lanes.Place(new BookingRequest(new EventId(eventId), order, idempotency, cancellation));
    }

    public Task<Page<BookingView>> List(Caller caller, PageRequest page, CancellationToken cancellation) =>
        views.List(caller.User, page, time.Now(), cancellation);

    public async Task<Result<BookingView>> Get(BookingAccess access, Guid id, CancellationToken cancellation) =>
        await own.Buyer(access, new BookingId(id), cancellation) is { } buyer &&
        await views.Find(buyer, new BookingId(id), time.Now(), cancellation) is { } view
            ? view
            : Problem.NotFound("booking");

    public async Task<Result<Done>> Cancel(BookingAccess access, Guid id, CancellationToken cancellation)
    {
        await using var taken = await own.Take(access, id, cancellation);
        if (taken is null)
        {
            return Problem.NotFound("booking");
        }

        if (!taken.Booking.IsLive)
        {
            return new Done();
        }

        if (taken.Locked.Event.WhyNotCancel(taken.Locked.Now) is { } refusal)
        {
            return refusal;
        }

        await cancelling.Cancel(taken.Locked, taken.Booking);
        return new Done();
    }

    public async Task<Result<Done>> CancelTicket(
        BookingAccess access, Guid id, Guid ticketId, CancellationToken cancellation)
    {
        await using var taken = await own.Take(access, id, cancellation);
        if (taken is null)
        {
            return Problem.NotFound("booking");
        }

        if (taken.Booking.IsLive && taken.Locked.Event.WhyNotCancel(taken.Locked.Now) is { } refusal)
        {
            return refusal;
        }

        return await cancelling.CancelTicket(taken.Locked, taken.Booking, new TicketId(ticketId))
            ? new Done()
            : Problem.NotFound("ticket");
    }
}
