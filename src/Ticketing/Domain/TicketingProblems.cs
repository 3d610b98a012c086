using Gatehouse.Kernel;

namespace Gatehouse.Ticketing.Domain;

/// <summary>The refusals of the box office.</summary>
internal static class TicketingProblems
{
    public static readonly ProblemCode SoldOutCode = new("sold_out", 409, "Not enough places are left");
    public static readonly ProblemCode NotOnSaleCode = new("event_not_on_sale", 409, "The event is not on sale");
    public static readonly ProblemCode StartedCode = new("event_started", 409, "The event has begun");
    public static readonly ProblemCode HasBookingsCode = new("event_has_bookings", 409, "The event has bookings");
    public static readonly ProblemCode BelowSoldCode =
        new("capacity_below_sold", 409, "More places are taken than that");
    public static readonly ProblemCode TransitionCode =
        new("invalid_transition", 409, "The status cannot change that way");

    public static readonly ProblemCode InvalidDoorTokenCode =
        new("invalid_door_token", 401, "The door token is not valid");
    public static readonly ProblemCode CheckedInCode =
        new("ticket_checked_in", 409, "The ticket was admitted");

    public static readonly ProblemCode TypeNotOnSaleCode =
        new("ticket_type_not_on_sale", 409, "The ticket type is not on sale");
    public static readonly ProblemCode BuyerLimitCode =
        new("buyer_limit", 409, "One buyer may not have so many");
    public static readonly ProblemCode CancellationClosedCode =
        new("cancellation_closed", 409, "Buyers cannot cancel any more");
    public static readonly ProblemCode PoolInUseCode =
        new("pool_in_use", 409, "A ticket type draws on the pool");
    public static readonly ProblemCode LastTypeCode =
        new("last_ticket_type", 409, "An event offers one ticket type at least");

    public static readonly ProblemCode NotPayableCode =
        new("booking_not_payable", 409, "There is nothing to pay for this booking");
    public static readonly ProblemCode SignatureCode =
        new("invalid_signature", 401, "The signature is not valid");
    public static readonly ProblemCode PaymentStateCode =
        new("payment_state", 409, "The payment cannot become that");

    /// <param name="available">What is left in the pool that has too few.</param>
    /// <param name="pool">Its name; null for the event's own.</param>
    public static Problem SoldOut(int available, string? pool = null) =>
        new(SoldOutCode, (available == 0 ? "No place is left" : $"Only {available} left") +
            (pool is null ? "." : $" of '{pool}'."))
        {
            Facts = Fact("available", available),
        };

    public static Problem NotOnSale() => new(NotOnSaleCode, "It was cancelled.");

    public static Problem NotYetOnSale(string type, DateTimeOffset from) =>
        new(TypeNotOnSaleCode, $"'{type}' is sold from {from:yyyy-MM-ddTHH:mm:ssZ} on.");

    public static Problem NoLongerOnSale(string type) => new(TypeNotOnSaleCode, $"'{type}' is not sold any more.");

    /// <param name="type">The name of the ticket type.</param>
    /// <param name="most">What one buyer may have.</param>
    /// <param name="left">What is left of that.</param>
    public static Problem BuyerLimit(string type, int most, int left) =>
        new(BuyerLimitCode, $"One buyer may have {most} of '{type}'; {left} more.")
        {
            Facts = Fact("left", left),
        };

    /// <summary>A <see cref="BuyerLimit"/> that does not tell what the buyer has; any other refusal as it is.</summary>
    public static Problem WithoutLeft(this Problem refusal) => refusal.Code == BuyerLimitCode
        ? new Problem(BuyerLimitCode, "So many are more than one buyer may have in all.")
        : refusal;

    public static Problem PriceOfTypes()
    {
        var faults = new Faults();
        faults.Add("price", "is that of several ticket types; change each of them");
        return faults.ToProblem();
    }

    public static Problem PoolInUse() => new(PoolInUseCode, "It can be neither deleted nor left without its types.");

    public static Problem LastType() => new(LastTypeCode, "Add another type before you take this one out of the sale.");

    public static Problem CancellationClosed(DateTimeOffset until) =>
        new(CancellationClosedCode, $"Buyers could cancel until {until:yyyy-MM-ddTHH:mm:ssZ}. Ask the organizer.");

    public static Problem NotPayable(BookingStatus status) => new(
        NotPayableCode,
        status == BookingStatus.Confirmed ? "It is confirmed already." : $"It is {status.ToText()}; book again.");

    public static Problem NotSigned() =>
        new(SignatureCode, "Its signature, of id, timestamp and body, is not the provider's, or not of now.");

    public static Problem NotByHand(string provider) =>
        new(PaymentStateCode, $"What became of it is said by '{provider}', and by nobody else.");

    public static Problem NothingToRefund() =>
        new(PaymentStateCode, "Nothing of it is to be refunded; cancel the booking, or tickets of it, first.");

    public static Problem AlreadyPaid() => new(PaymentStateCode, "It has succeeded, and stays so.");

    public static Problem Started() => new(StartedCode, "The event has begun; its bookings are final.");

    public static Problem HasBookings() =>
        new(HasBookingsCode, "It has bookings, so it cannot be deleted. Cancel it.");

    public static Problem BelowSold(int taken) =>
        new(BelowSoldCode, $"{taken} places are held or sold; the capacity cannot be less.")
        {
            Facts = Fact("taken", taken),
        };

    public static Problem InvalidDoorToken() =>
        new(InvalidDoorTokenCode, "It is unknown, was deleted, or has expired. Ask the organizer for another.");

    public static Problem CheckedIn() =>
        new(CheckedInCode, "Who has been let in cannot give the place back; the door can undo the check-in first.");

    public static Problem Transition(EventStatus from, EventStatus to) =>
        new(TransitionCode, $"A {from.ToText()} event cannot become {to.ToText()}.");

    private static Dictionary<string, long> Fact(string name, int number) =>
        new(StringComparer.Ordinal) { [name] = number };
}
