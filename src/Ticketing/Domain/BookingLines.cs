using Gatehouse.Kernel;

namespace Gatehouse.Ticketing.Domain;

/// <summary>Whether an order can be had of an offer, apart from whether places are left.</summary>
internal static class BookingLines
{
    public const int TypesMax = TicketType.PerEventMax;

    /// <summary>What can be said of an order without knowing the event.</summary>
    public static void Check(IReadOnlyList<OrderItem>? items, int? quantity, Faults faults)
    {
        if (items is null)
        {
            faults.Whole("quantity", quantity ?? 1, 1, Booking.QuantityMax);
            return;
        }

        faults.Require(quantity is null, "quantity", "goes without items; say it for each of them");
        if (faults.Require(items.Count is > 0 and <= TypesMax, "items", $"must be 1 to {TypesMax} items"))
        {
            var repeated = items.GroupBy(item => item.Type).Any(group => group.Count() > 1);
            faults.Require(!repeated, "items", "must name each ticket type once");
            for (var i = 0; i < items.Count; i++)
            {
                faults.Whole($"items[{i}].quantity", items[i].Quantity, 1, Booking.QuantityMax);
            }

            faults.Require(
                items.Sum(item => (long)item.Quantity) <= Booking.QuantityMax,
                "items",
                $"must be {Booking.QuantityMax} places in all at most");
        }
    }

    /// <summary>The lines of an order, at today's prices, whoever the buyer is.</summary>
    public static Result<List<BookingLine>> Choose(Offer offer, BookingOrder order, DateTimeOffset now)
    {
        if (order.Items is not { } items)
        {
            if (offer.Offered.ToList() is not [var only])
            {
                return Fault("items", "is required: the event has several ticket types");
            }

            items = [new OrderItem(only.Id, order.Quantity ?? 1)];
        }

        var lines = new List<BookingLine>(items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            var (type, quantity) = (offer.Find(items[i].Type), items[i].Quantity);
            var field = order.Items is null ? "quantity" : $"items[{i}].quantity";
            if (type is not { IsOffered: true })
            {
                return Fault($"items[{i}].ticketTypeId", "is no ticket type that this event offers");
            }

            if (WhyNot(type, quantity, field, now) is { } problem)
            {
                return problem;
            }

            lines.Add(new BookingLine(type.Id, quantity, Cancelled: 0, type.Details.Price));
        }

        return lines;
    }

    /// <summary>Null where the buyer may have these lines beside what was bought meanwhile.</summary>
    public static Problem? WhyNot(Offer offer, IReadOnlyList<BookingLine> lines, Func<TicketType, int> bought) => lines
        .Select(line => OverLimit(offer.Find(line.Type)!, line.Places, bought))
        .FirstOrDefault(problem => problem is not null);

    private static Problem? WhyNot(TicketType type, int quantity, string field, DateTimeOffset now)
    {
        if (type.WhyNotOnSale(now) is { } closed)
        {
            return closed;
        }

        var (least, most) = (type.Details.QuantityMin, type.Details.QuantityMax);
        return quantity < least || quantity > most
            ? Fault(field, $"must be {least} to {most} of '{type.Details.Name}'")
            : null;
    }

    private static Problem? OverLimit(TicketType type, int quantity, Func<TicketType, int> bought) =>
        type.Details.BuyerMax is { } limit && limit - bought(type) is var left && quantity > left
            ? TicketingProblems.BuyerLimit(type.Details.Name, limit, Math.Max(0, left))
            : null;

    private static Problem Fault(string field, string message)
    {
        var faults = new Faults();
        faults.Add(field, message);
        return faults.ToProblem();
    }
}
