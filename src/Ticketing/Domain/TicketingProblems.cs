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

    public static Problem SoldOut(int available) =>
        new(SoldOutCode, available == 0 ? "No place is left." : $"Only {available} left.")
        {
            Facts = Fact("available", available),
        };

    public static Problem NotOnSale() => new(NotOnSaleCode, "It was cancelled.");

    public static Problem Started() => new(StartedCode, "The event has begun; its bookings are final.");

    public static Problem HasBookings() =>
        new(HasBookingsCode, "It has bookings, so it can be neither deleted nor cancelled.");

    public static Problem BelowSold(int taken) =>
        new(BelowSoldCode, $"{taken} places are held or sold; the capacity cannot be less.")
        {
            Facts = Fact("taken", taken),
        };

    public static Problem Transition(EventStatus from, EventStatus to) =>
        new(TransitionCode, $"A {from.ToText()} event cannot become {to.ToText()}.");

    private static Dictionary<string, long> Fact(string name, int number) =>
        new(StringComparer.Ordinal) { [name] = number };
}
