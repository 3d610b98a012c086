using Gatehouse.Kernel;

namespace Gatehouse.Ticketing.Domain;

/// <summary>
/// What was paid for a booking, and what of it went back or is to: it agrees with what the booking is worth after every
/// change, whichever that is.
/// </summary>
/// <param name="payments">All of the booking, oldest first.</param>
/// <param name="refunds">All of these payments.</param>
internal sealed class BookingMoney(IReadOnlyList<Payment> payments, IEnumerable<Refund> refunds)
{
    private readonly List<Refund> refunds = [.. refunds];

    public IReadOnlyList<Payment> Payments => payments;

    public IReadOnlyList<Refund> Refunds => refunds;

    public Payment? Pending => payments.FirstOrDefault(payment => payment.Status == PaymentStatus.Pending);

    public Payment? Find(PaymentId id) => payments.FirstOrDefault(payment => payment.Id == id);

    public IEnumerable<Refund> Of(Payment payment) => refunds.Where(refund => refund.Payment == payment.Id);

    /// <summary>
    /// Refunds what is there beyond what the booking is worth: of the newest payment first, and of each no more than is
    /// left of it.
    /// </summary>
    public IReadOnlyList<Refund> RefundExcess(long worth, DateTimeOffset now)
    {
        var excess = payments.Sum(Left) - worth;
        var due = new List<Refund>();
        foreach (var payment in payments.Reverse())
        {
            var part = Math.Min(excess, Left(payment));
            if (part > 0)
            {
                excess -= part;
                due.Add(new Refund
                {
                    Id = RefundId.New(now),
                    Event = payment.Event,
                    Booking = payment.Booking,
                    Payment = payment.Id,
                    Amount = payment.Amount with { Minor = part },
                    CreatedAt = now,
                });
            }
        }

        refunds.AddRange(due);
        return due;
    }

    private long Left(Payment payment) => payment.Status == PaymentStatus.Succeeded
        ? payment.Amount.Minor - Of(payment).Sum(refund => refund.Amount.Minor)
        : 0;
}
