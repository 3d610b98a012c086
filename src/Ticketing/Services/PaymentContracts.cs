using Gatehouse.Contracts;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

/// <summary>What is told of payments.</summary>
internal static class PaymentContracts
{
    private const string Succeeded = "succeeded";
    private const string RefundDue = "refund_due";
    private const string Refunded = "refunded";

    public static PaymentView ToContract(this Payment payment, BookingMoney money)
    {
        var refunds = money.Of(payment).ToLookup(refund => refund.IsDone, refund => refund.Amount.Minor);
        return View(
            payment.Id.Value,
            payment.Booking.Value,
            payment.Provider,
            payment.Status,
            payment.Amount,
            refunds[false].Sum(),
            refunds[true].Sum(),
            (payment.CreatedAt, payment.SettledAt, payment.ExpiresAt));
    }

    public static PaymentView View(
        Guid id,
        Guid booking,
        string provider,
        PaymentStatus status,
        Money amount,
        long due,
        long refunded,
        (DateTimeOffset Created, DateTimeOffset? Settled, DateTimeOffset Expires) times) => new(
        id,
        booking,
        provider,
        due > 0 ? RefundDue : refunded == amount.Minor ? Refunded : status.ToText(),
        amount.Minor,
        amount.Currency.Code,
        due,
        refunded,
        times.Created,
        times.Settled,
        status == PaymentStatus.Pending ? times.Expires : null);

    /// <summary>That it succeeded or failed.</summary>
    public static IntegrationEvent ToFact(this Payment payment, Booking booking, DateTimeOffset now) =>
        Fact(booking, payment, payment.Status.ToText(), payment.Amount, now);

    /// <summary>That money is to go back, or went.</summary>
    public static IntegrationEvent ToFact(this Refund refund, Payment payment, Booking booking, DateTimeOffset now) =>
        Fact(booking, payment, refund.IsDone ? Refunded : RefundDue, refund.Amount, now);

    /// <summary>What an organizer says; null where it is none of the words.</summary>
    public static PaymentMark? ToMark(this MarkPayment request) => request.Status switch
    {
        Succeeded => PaymentMark.Succeeded,
        "failed" => PaymentMark.Failed,
        Refunded => PaymentMark.Refunded,
        _ => null,
    };

    private static PaymentChangedEvent Fact(
        Booking booking, Payment payment, string change, Money amount, DateTimeOffset now) => new(
        Ids.New(now),
        now,
        payment.Id.Value,
        booking.Id.Value,
        booking.Event.Value,
        booking.Buyer.Value,
        change,
        payment.Provider,
        amount.Minor,
        amount.Currency.Code,
        booking.Code,
        booking.Email,
        booking.Name);
}

/// <summary>What an organizer says became of money.</summary>
internal enum PaymentMark
{
    Succeeded,
    Failed,
    Refunded,
}
