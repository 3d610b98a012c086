using Gatehouse.Contracts.Ticketing;
using Gatehouse.Kernel;

namespace Gatehouse.Ticketing.Services;

internal sealed class EventBookingService(
    EventLocks locks, IBookingRepository bookings, BookingCancellation cancelling) : IEventBookings
{
    public async Task<Result<Done>> Cancel(Caller caller, Guid eventId, Guid id, CancellationToken cancellation)
    {
        await using var locked = await locks.TakeOwn(caller, eventId, cancellation);
        if (locked is null)
        {
            return Problem.NotFound("event");
        }

        if (await bookings.Find(locked.Unit, locked.Event.Id, new BookingId(id)) is not { } booking)
        {
            return Problem.NotFound("booking");
        }

        if (booking.IsLive)
        {
            if (await cancelling.WhyNot(locked, booking) is { } refusal)
            {
                return refusal;
            }

            await cancelling.Cancel(locked, booking);
        }

        return new Done();
    }

    public async Task<Result<Done>> CancelTicket(
        Caller caller, Guid eventId, Guid id, Guid ticketId, CancellationToken cancellation)
    {
        await using var locked = await locks.TakeOwn(caller, eventId, cancellation);
        if (locked is null)
        {
            return Problem.NotFound("event");
        }

        if (await bookings.Find(locked.Unit, locked.Event.Id, new BookingId(id)) is not { } booking)
        {
            return Problem.NotFound("booking");
        }

        var ticket = new TicketId(ticketId);
        if (await cancelling.WhyNot(locked, booking, ticket) is { } refusal)
        {
            return refusal;
        }

        return await cancelling.CancelTicket(locked, booking, ticket)
            ? new Done()
            : Problem.NotFound("ticket");
    }
}
