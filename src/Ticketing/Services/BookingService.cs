using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Audit;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

internal sealed class BookingService(
    BookingLanes lanes,
    EventLocks locks,
    IBookingRepository bookings,
    IBookingViewRepository views,
    IAuditLog audit,
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
        var booking = new BookingId(id);
        if (await bookings.FindEvent(booking, caller.User, cancellation) is not { } of)
        {
            return Problem.NotFound("booking");
        }

        await using var locked = await locks.Take(of, cancellation);
        if (locked is null || await bookings.Find(locked.Unit, of, booking, caller.User) is not { } found)
        {
            return Problem.NotFound("booking");
        }

        if (!found.IsLive)
        {
            return new Done();
        }

        if (locked.Event.HasBegun(locked.Now))
        {
            return TicketingProblems.Started();
        }

        audit.Write(locked.Unit, new AuditFact("booking.cancelled", $"booking/{found.Id}")
        {
            Before = $$"""{"event":"{{of}}","status":"{{found.Status.ToText()}}","quantity":{{found.Quantity}}}""",
        });
        found.Cancel(locked.Offer);
        await bookings.Cancel(locked.Unit, found);
        await locked.Commit([found.ToReleased(locked.Now)]);
        return new Done();
    }
}
