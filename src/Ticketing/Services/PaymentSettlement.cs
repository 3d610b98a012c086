using Gatehouse.Contracts;
using Gatehouse.Foundation.Audit;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

/// <summary>
/// Writes what became of a payment, whoever says so: the one place where a booking becomes confirmed by money. Money
/// is believed whenever it comes, in whatever order; where the booking cannot have it, it is due to go back.
/// </summary>
internal sealed class PaymentSettlement(
    IPaymentRepository payments, IBookingRepository bookings, RefundService refunds, IAuditLog audit)
{
    /// <summary>Changes nothing where that was known. What is told of it is the caller's to commit.</summary>
    public async Task<IReadOnlyList<IntegrationEvent>> Settle(
        LockedEvent locked, Booking booking, BookingMoney money, Payment payment, PaymentStatus status, string? reference)
    {
        var changed = status switch
        {
            PaymentStatus.Succeeded => payment.Succeed(reference, locked.Now),
            PaymentStatus.Failed => payment.Fail(reference, locked.Now),
            _ => false,
        };
        if (!changed)
        {
            return [];
        }

        await payments.Settle(locked.Unit, payment);
        audit.Write(locked.Unit, new AuditFact($"payment.{payment.Status.ToText()}", $"payment/{payment.Id}")
        {
            After = $$"""{"booking":"{{booking.Id}}","amount":{{payment.Amount.Minor}}}""",
        });
        var facts = new List<IntegrationEvent> { payment.ToFact(booking, locked.Now) };
        if (payment.Status == PaymentStatus.Succeeded)
        {
            if (await Confirm(locked, booking))
            {
                facts.Add(booking.ToPlaced(locked.Now));
            }

            facts.AddRange(await refunds.MarkDue(locked, booking, money));
        }

        return facts;
    }

    private async Task<bool> Confirm(LockedEvent locked, Booking booking)
    {
        var limited = booking.Status == BookingStatus.Expired &&
            locked.Offer.Types.Any(type => type.Details.BuyerMax is not null);
        var bought = limited ? await bookings.Bought(locked.Unit, booking.Event, [booking.Buyer]) : [];
        var confirmed = booking.Confirm(
            locked.Event, locked.Offer, type => bought.GetValueOrDefault((booking.Buyer, type.Id)), locked.Now);
        if (confirmed.Problem is not null)
        {
            return false;
        }

        await bookings.Confirm(locked.Unit, booking);
        return true;
    }
}
