using Gatehouse.Contracts;
using Gatehouse.Foundation.Audit;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

/// <summary>
/// Writes what became of a payment, whoever says so: the one place where a booking becomes confirmed by money. Money
/// is believed whenever it comes, in whatever order; where the booking cannot have it, it is due to go back.
/// </summary>
internal sealed class PaymentSettlement(
    EventLocks locks,
    IPaymentRepository payments,
    IBookingRepository bookings,
    RefundService refunds,
    GuestSecrets guests,
    IAuditLog audit)
{
    /// <summary>
    /// Takes in, durably, what a provider says. The same callback twice, and what is known already, changes nothing.
    /// </summary>
    /// <param name="known">The payment, as it was when it was looked up.</param>
    /// <param name="status">What became of it.</param>
    /// <param name="reference">The provider's word for it.</param>
    /// <param name="callback">Its id; null where the provider was asked.</param>
    /// <param name="cancellation">Of the caller.</param>
    public async Task Apply(
        Payment known, PaymentStatus status, string? reference, string? callback, CancellationToken cancellation)
    {
        await using var locked = await locks.Take(known.Event, cancellation)
            ?? throw new InvalidOperationException($"Payment {known.Id} has lost its event.");
        if (callback is not null &&
            !await payments.Keep(locked.Unit, known.Provider, callback, known, locked.Now))
        {
            return;
        }

        var booking = await bookings.Find(locked.Unit, known.Event, known.Booking)
            ?? throw new InvalidOperationException($"Payment {known.Id} has lost its booking.");
        var money = await payments.Read(locked.Unit, known.Event, known.Booking);
        await locked.Commit(await Settle(locked, booking, money, money.Find(known.Id)!, status, reference));
    }

    /// <summary>Changes nothing where that was known. What is told of it is the caller's to commit.</summary>
    public async Task<IReadOnlyList<IntegrationEvent>> Settle(
        LockedEvent locked,
        Booking booking,
        BookingMoney money,
        Payment payment,
        PaymentStatus status,
        string? reference)
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
                facts.Add(guests.Tell(booking, locked));
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
            locked.Event,
            locked.Offer,
            type => bought.GetValueOrDefault((booking.Buyer, type.Id)),
            locked.Signer,
            locked.Now);
        if (confirmed.Problem is not null)
        {
            return false;
        }

        await bookings.Confirm(locked.Unit, booking);
        return true;
    }
}
