using Gatehouse.Kernel;

namespace Gatehouse.Ticketing.Domain;

/// <summary>What an organizer says of a ticket type, as it came in.</summary>
internal sealed record TicketTypeDetails(
    string? Name,
    string? Description,
    long? Price,
    DateTimeOffset? SaleFrom,
    DateTimeOffset? SaleUntil,
    int? QuantityMin,
    int? QuantityMax,
    int? BuyerMax)
{
    public const int NameCharactersMax = 100;
    public const int DescriptionCharactersMax = 1_000;

    /// <summary>Says every fault; where there is none, answers the details cleaned and complete.</summary>
    public CheckedTicketType Check(Faults faults)
    {
        var name = faults.Text("name", Name, 1, NameCharactersMax);
        var description = faults.Text("description", Description, 0, DescriptionCharactersMax, multiline: true);
        faults.Whole("price", Price ?? 0, 0, EventDetails.PriceMax);
        var (from, until) = (SaleFrom?.ToMicroseconds(), SaleUntil?.ToMicroseconds());
        faults.Require(!(until <= from), "saleUntil", "must be after saleFrom");
        var (least, most) = (QuantityMin ?? 1, QuantityMax ?? Booking.QuantityMax);
        faults.Whole("quantityMin", least, 1, Booking.QuantityMax);
        faults.Whole("quantityMax", most, 1, Booking.QuantityMax);
        faults.Require(most >= least, "quantityMax", "must not be less than quantityMin");
        if (BuyerMax is { } buyer)
        {
            faults.Whole("buyerMax", buyer, least, EventDetails.CapacityMax);
        }

        return new CheckedTicketType(
            name, description.Length == 0 ? null : description, Price ?? 0, from, until, least, most, BuyerMax);
    }
}

/// <summary>Details without a fault.</summary>
/// <param name="Price">Of one place, in minor units of the event's currency.</param>
/// <param name="QuantityMin">Places a booking, where it has any of this type.</param>
/// <param name="BuyerMax">Places of one buyer in all bookings that are held or confirmed.</param>
internal sealed record CheckedTicketType(
    string Name,
    string? Description,
    long Price,
    DateTimeOffset? SaleFrom,
    DateTimeOffset? SaleUntil,
    int QuantityMin,
    int QuantityMax,
    int? BuyerMax);
