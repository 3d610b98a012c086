using Gatehouse.Kernel;

namespace Gatehouse.Contracts.Ticketing;

/// <summary>Paying for bookings. Someone else's booking is answered like an unknown one: <c>not_found</c>.</summary>
public interface IPayments
{
    /// <summary>
    /// Begins to pay a booking that is held. While that is pending, beginning again answers the same payment. Codes:
    /// <c>not_found</c>, <c>validation_failed</c>, <c>booking_not_payable</c>.
    /// </summary>
    Task<Result<PaymentView>> Begin(
        BookingAccess access, Guid bookingId, BeginPayment request, CancellationToken cancellation);

    /// <summary>
    /// Says what became of money that only the event's organizer can see. Saying it again changes nothing. Codes:
    /// <c>not_found</c>, <c>validation_failed</c>, <c>payment_state</c>.
    /// </summary>
    Task<Result<PaymentView>> Mark(
        Caller caller,
        Guid eventId,
        Guid bookingId,
        Guid paymentId,
        MarkPayment request,
        CancellationToken cancellation);
}

/// <summary>Who asks for a booking: whoever is signed in, or whoever has the secret of a guest's booking.</summary>
/// <param name="Secret">What the answer to a guest's booking showed; it counts before the caller.</param>
public sealed record BookingAccess(Caller? Caller, string? Secret = null)
{
    public static implicit operator BookingAccess(Caller caller) => FromCaller(caller);

    public static BookingAccess FromCaller(Caller caller) => new(caller);
}

/// <summary>How a buyer wants to pay.</summary>
/// <param name="Provider">One that the installation has, such as <c>manual</c>; the usual one unless given.</param>
public sealed record BeginPayment(string? Provider = null);

/// <summary>What an organizer has seen of money.</summary>
/// <param name="Status"><c>succeeded</c>, <c>failed</c>, or <c>refunded</c>: all that was to go back, went.</param>
public sealed record MarkPayment(string? Status = null);

/// <summary>One attempt to pay a booking.</summary>
/// <param name="Status"><c>pending</c>, <c>succeeded</c>, <c>failed</c>; <c>refund_due</c> while money is to go back;
/// <c>refunded</c> when all of it went.</param>
/// <param name="Amount">In minor units.</param>
/// <param name="RefundDue">Of the amount, what is to go back and has not yet.</param>
/// <param name="Refunded">Of the amount, what went back.</param>
/// <param name="ExpiresAt">While it is pending: when the booking loses its places. Money that comes later confirms the
/// booking where they are free still, and goes back where they are not.</param>
public sealed record PaymentView(
    Guid Id,
    Guid BookingId,
    string Provider,
    string Status,
    long Amount,
    string Currency,
    long RefundDue,
    long Refunded,
    DateTimeOffset CreatedAt,
    DateTimeOffset? SettledAt,
    DateTimeOffset? ExpiresAt);
