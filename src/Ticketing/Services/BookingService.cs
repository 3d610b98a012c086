using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

internal sealed class BookingService(
    BookingLanes lanes,
    EventLocks locks,
    IBookingRepository bookings,
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

    public async Task<Result<BookingView>> Get(Caller caller, Guid id, CancellationToken cancellation) =>
        await views.Find(caller.User, new BookingId(id), time.Now(), cancellation) is { } view
            ? view
            : Problem.NotFound("booking");

    public async Task<Result<Done>> Cancel(Caller caller, Guid id, CancellationToken cancellation)
    {
        await using var own = await TakeOwn(caller, id, cancellation);
        if (own is null)
        {
            return Problem.NotFound("booking");
        }

        if (!own.Booking.IsLive)
        {
            return new Done();
        }

        if (own.Locked.Event.WhyNotCancel(own.Locked.Now) is { } refusal)
        {
            return refusal;
        }

        await cancelling.Cancel(own.Locked, own.Booking);
        return new Done();
    }

    public async Task<Result<Done>> CancelTicket(
        Caller caller, Guid id, Guid ticketId, CancellationToken cancellation)
    {
        await using var own = await TakeOwn(caller, id, cancellation);
        if (own is null)
        {
            return Problem.NotFound("booking");
        }

        if (own.Booking.IsLive && own.Locked.Event.WhyNotCancel(own.Locked.Now) is { } refusal)
        {
            return refusal;
        }

        return await cancelling.CancelTicket(own.Locked, own.Booking, new TicketId(ticketId))
            ? new Done()
            : Problem.NotFound("ticket");
    }

    // A booking is found by its buyer, and so by its event: someone else's is like none.
    private async Task<OwnBooking?> TakeOwn(Caller caller, Guid id, CancellationToken cancellation)
    {
        var booking = new BookingId(id);
        if (await bookings.FindEvent(booking, caller.User, cancellation) is not { } of ||
            await locks.Take(of, cancellation) is not { } locked)
        {
            return null;
        }

        OwnBooking? own = null;
        try
        {
            own = await bookings.Find(locked.Unit, of, booking) is { } found && found.Buyer == caller.User
                ? new OwnBooking(locked, found)
                : null;
            return own;
        }
        finally
        {
            // Also when the caller hung up meanwhile: an event that stays locked is sold to nobody.
            if (own is null)
            {
                await locked.DisposeAsync();
            }
        }
    }

    private sealed record OwnBooking(LockedEvent Locked, Booking Booking) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Locked.DisposeAsync();
    }
}
