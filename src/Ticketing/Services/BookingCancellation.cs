using Gatehouse.Contracts;
using Gatehouse.Foundation.Audit;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

/// <summary>Gives places of a booking back, all of them or one, whoever wants it.</summary>
internal sealed class BookingCancellation(IBookingRepository bookings, IAuditLog audit)
{
    /// <summary>Of a booking that has its places still.</summary>
    public async Task Cancel(LockedEvent locked, Booking booking) =>
        await locked.Commit([await Release(locked, booking)]);

    /// <summary>The same, to be committed together with others.</summary>
    /// <returns>What is told with the commit.</returns>
    public async Task<IntegrationEvent> Release(LockedEvent locked, Booking booking, string? reason = null)
    {
        audit.Write(locked.Unit, Fact("booking.cancelled", $"booking/{booking.Id}", booking));
        booking.Cancel(locked.Offer);
        await bookings.Cancel(locked.Unit, booking);
        return booking.ToReleased(locked.Now, reason);
    }

    /// <summary>Of a ticket that is valid still; changes nothing where it is not.</summary>
    /// <returns>False where the booking never had such a ticket.</returns>
    public async Task<bool> CancelTicket(LockedEvent locked, Booking booking, TicketId ticket)
    {
        if (await bookings.FindTicket(locked.Unit, booking, ticket) is not var (type, isValid))
        {
            return false;
        }

        if (!isValid || booking.Status != BookingStatus.Confirmed)
        {
            return true;
        }

        if (booking.Quantity == 1)
        {
            await Cancel(locked, booking);
            return true;
        }

        audit.Write(locked.Unit, Fact("ticket.cancelled", $"booking/{booking.Id}/ticket/{ticket}", booking));
        booking.CancelPlace(locked.Offer, type);
        await bookings.CancelTicket(locked.Unit, booking, ticket, type);
        await locked.Commit([booking.ToShrunk(ticket, locked.Now)]);
        return true;
    }

    private static AuditFact Fact(string action, string of, Booking booking) => new(action, of)
    {
        Before = $$"""
            {"event":"{{booking.Event}}","status":"{{booking.Status.ToText()}}","quantity":{{booking.Quantity}}}
            """,
    };
}
