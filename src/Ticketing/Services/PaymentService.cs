using Gatehouse.Contracts;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

internal sealed class PaymentService(
    OwnBookings own,
    EventLocks locks,
    IBookingRepository bookings,
    IPaymentRepository payments,
    PaymentProviders providers,
    PaymentSettlement settlement,
    RefundService refunds) : IPayments
{
    public async Task<Result<PaymentView>> Begin(
        BookingAccess access, Guid bookingId, BeginPayment request, CancellationToken cancellation)
    {
        var provider = providers.FindOffered(request.Provider);
        var begun = await Begun(access, bookingId, provider, cancellation);
        if (begun.Failed(out var problem))
        {
            return problem;
        }

        // Durable, and outside the transaction: should this process die here, the buyer begins again and gets the same.
        var (payment, view) = begun.Value;
        await providers.Of(payment.Provider).Begin(payment, cancellation);
        return view;
    }

    public async Task<Result<PaymentView>> Mark(
        Caller caller,
        Guid eventId,
        Guid bookingId,
        Guid paymentId,
        MarkPayment request,
        CancellationToken cancellation)
    {
        await using var locked = await locks.TakeOwn(caller, eventId, cancellation);
        if (locked is null)
        {
            return Problem.NotFound("event");
        }

        if (await bookings.Find(locked.Unit, locked.Event.Id, new BookingId(bookingId)) is not { } booking)
        {
            return Problem.NotFound("booking");
        }

        var money = await payments.Read(locked.Unit, booking.Event, booking.Id);
        if (money.Find(new PaymentId(paymentId)) is not { } payment)
        {
            return Problem.NotFound("payment");
        }

        if (payment.Provider != ManualPayments.ProviderName)
        {
            return TicketingProblems.NotByHand(payment.Provider);
        }

        var facts = await Mark(locked, booking, money, payment, request);
        if (facts.Failed(out var problem))
        {
            return problem;
        }

        if (facts.Value.Count > 0)
        {
            await locked.Commit(facts.Value);
        }

        return payment.ToContract(money);
    }

    private async Task<Result<List<IntegrationEvent>>> Mark(
        LockedEvent locked, Booking booking, BookingMoney money, Payment payment, MarkPayment request)
    {
        var facts = new List<IntegrationEvent>();
        switch (request.ToMark())
        {
            case PaymentMark.Succeeded:
                facts.AddRange(await Settle(PaymentStatus.Succeeded));
                return facts;
            case PaymentMark.Failed when payment.Status == PaymentStatus.Succeeded:
                return TicketingProblems.AlreadyPaid();
            case PaymentMark.Failed:
                facts.AddRange(await Settle(PaymentStatus.Failed));
                return facts;
            case PaymentMark.Refunded when !money.Of(payment).Any():
                return TicketingProblems.NothingToRefund();
            case PaymentMark.Refunded:
                foreach (var due in money.Of(payment).Where(refund => !refund.IsDone))
                {
                    facts.Add((await refunds.Finish(locked, due, payment, booking))!);
                }

                return facts;
            default:
                var faults = new Faults();
                faults.Add("status", "must be succeeded, failed or refunded");
                return faults.ToProblem();
        }

        Task<IReadOnlyList<IntegrationEvent>> Settle(PaymentStatus status) =>
            settlement.Settle(locked, booking, money, payment, status, payment.Reference);
    }

    private async Task<Result<(Payment Payment, PaymentView View)>> Begun(
        BookingAccess access, Guid id, IPaymentProvider? provider, CancellationToken cancellation)
    {
        await using var taken = await own.Take(access, id, cancellation);
        if (taken is null)
        {
            return Problem.NotFound("booking");
        }

        if (provider is null)
        {
            var faults = new Faults();
            faults.Add("provider", $"must be one of {string.Join(", ", providers.Offered.Select(one => one.Name))}");
            return faults.ToProblem();
        }

        var (locked, booking) = (taken.Locked, taken.Booking);
        if (booking.Status != BookingStatus.Held)
        {
            return TicketingProblems.NotPayable(booking.Status);
        }

        if (locked.Event.Status == EventStatus.Cancelled)
        {
            return TicketingProblems.NotOnSale();
        }

        var money = await payments.Read(locked.Unit, booking.Event, booking.Id);
        var payment = money.Pending;
        if (payment is null)
        {
            payment = Payment.Begin(booking, provider.Name, locked.Now);
            await payments.Insert(locked.Unit, payment);
            await locked.Commit([]);
        }

        return (payment, payment.ToContract(money));
    }
}
