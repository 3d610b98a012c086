using Gatehouse.Contracts;
using Gatehouse.Foundation.Audit;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

/// <summary>
/// Gives places of a booking back, all of them or one, whoever wants it, and has what was paid for them refunded.
/// </summary>
internal sealed class BookingCancellation(
    IBookingRepository bookings, ICheckInRepository checkIns, RefundService refunds, IAuditLog audit)
{
    /// <summary>
    /// Null where nobody was let in with the booking, or with the ticket of it; then nobody will be until the
    /// transaction ends. Whoever was let in has had the place.
    /// </summary>
    public async Task<Problem?> WhyNot(LockedEvent locked, Booking booking, TicketId? ticket = null) =>
        await checkIns.LockAdmitted(locked.Unit, locked.Event.Id, booking.Id, ticket)
            ? TicketingProblems.CheckedIn()
            : null;

    /// <summary>Of a booking that has its places still.</summary>
    public async Task Cancel(LockedEvent locked, Booking booking) =>
        await locked.Commit(await GiveBack(locked, booking));

    /// <summary>
    /// The same without making it durable, so that one transaction may have many; what is told of it is the caller's to
    /// commit.
    /// </summary>
    public async Task<IReadOnlyList<IntegrationEvent>> GiveBack(
        LockedEvent locked, Booking booking, string? reason = null)
    {
        audit.Write(locked.Unit, Fact("booking.cancelled", $"booking/{booking.Id}", booking));
        booking.Cancel(locked.Offer);
        await bookings.Cancel(locked.Unit, booking);
        return [booking.ToReleased(locked.Now, reason), .. await refunds.MarkDue(locked, booking)];
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
        await locked.Commit([booking.ToShrunk(ticket, locked.Now), .. await refunds.MarkDue(locked, booking)]);
        return true;
    }

    private static AuditFact Fact(string action, string of, Booking booking) => new(action, of)
    {
        Before = $$"""
            {"event":"{{booking.Event}}","status":"{{booking.Status.ToText()}}","quantity":{{booking.Quantity}}}
            """,
    };
}
