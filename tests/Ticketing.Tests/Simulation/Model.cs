using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Tests.Simulation;

/// <summary>
/// The box office as one would explain it to somebody: nothing is counted as it goes, places are the sum of the
/// bookings that have them.
/// </summary>
internal sealed class Model(IReadOnlyList<ModelType> types, IReadOnlyList<int> sizes, TimeSpan hold)
{
    public List<ModelBooking> Bookings { get; } = [];

    public IReadOnlyList<ModelType> Types => types;

    public IReadOnlyList<int> Sizes => sizes;

    public int Taken(int pool) =>
        Bookings.Where(booking => booking.IsLive).Sum(booking => Needed(booking.Places, pool));

    /// <summary>Null when it is refused with <paramref name="code"/>.</summary>
    public ModelBooking? Place(int buyer, int[] places, DateTimeOffset now, out ProblemCode? code)
    {
        Lapse(now);
        code = sizes.Index().Any(pool => Taken(pool.Index) + Needed(places, pool.Index) > pool.Item)
            ? TicketingProblems.SoldOutCode
            : types.Index().Any(type => places[type.Index] > 0 &&
                places[type.Index] + Bought(buyer, type.Index) > type.Item.BuyerMax)
                ? TicketingProblems.BuyerLimitCode
                : null;
        if (code is not null)
        {
            return null;
        }

        var isFree = types.Index().All(type => type.Item.Price == 0 || places[type.Index] == 0);
        var booking = new ModelBooking(buyer, [.. places], isFree ? null : now + hold);
        Bookings.Add(booking);
        return booking;
    }

    /// <summary>
    /// The money is there, perhaps for a hold that is over: then its places are taken anew if they can be had. What the
    /// booking is not worth afterwards has to go back.
    /// </summary>
    public void Paid(ModelBooking booking, ModelPayment payment, DateTimeOffset now)
    {
        Lapse(now);
        if (payment.Status == "succeeded")
        {
            return;
        }

        payment.Status = "succeeded";
        var again = booking.Status == "expired" &&
            types.Index().All(type => booking.Places[type.Index] == 0 ||
                !(booking.Places[type.Index] + Bought(booking.Buyer, type.Index) > type.Item.BuyerMax)) &&
            sizes.Index().All(pool => Taken(pool.Index) + Needed(booking.Places, pool.Index) <= pool.Item);
        if (booking.Status == "held" || again)
        {
            booking.Become("confirmed");
        }
    }

    public long Worth(ModelBooking booking) => booking.Status == "confirmed"
        ? types.Index().Sum(type => type.Item.Price * booking.Places[type.Index])
        : 0;

    /// <summary>What was not paid in time is over, and nobody has to do anything for it.</summary>
    public void Lapse(DateTimeOffset now)
    {
        foreach (var booking in Bookings.Where(booking => booking.ExpiresAt <= now))
        {
            booking.Become("expired");
        }
    }

    private int Bought(int buyer, int type) =>
        Bookings.Where(booking => booking.IsLive && booking.Buyer == buyer).Sum(booking => booking.Places[type]);

    private int Needed(int[] places, int pool) =>
        types.Index().Where(type => type.Item.Pools.Contains(pool)).Sum(type => places[type.Index]);
}

/// <param name="Price">Of a place.</param>
/// <param name="Pools">Their numbers; 0 is the event's own.</param>
/// <param name="BuyerMax">Without bound where null.</param>
internal sealed record ModelType(long Price, int[] Pools, int? BuyerMax = null);

internal sealed class ModelBooking(int buyer, int[] places, DateTimeOffset? expiresAt)
{
    public int Buyer => buyer;

    public int[] Places => places;

    public DateTimeOffset? ExpiresAt { get; private set; } = expiresAt;

    public string Status { get; private set; } = expiresAt is null ? "confirmed" : "held";

    public bool IsLive => Status is "held" or "confirmed";

    /// <summary>What is told of it, in this order.</summary>
    public List<string> Facts { get; } = [expiresAt is null ? "booking.confirmed" : "booking.held"];

    public List<ModelPayment> Payments { get; } = [];

    /// <summary>Tickets that somebody was let in with.</summary>
    public HashSet<Guid> Admitted { get; } = [];

    /// <summary>Null where it is done, or was before.</summary>
    public ProblemCode? Cancel()
    {
        if (IsLive && Admitted.Count > 0)
        {
            return TicketingProblems.CheckedInCode;
        }

        if (IsLive)
        {
            Become("cancelled");
        }

        return null;
    }

    public ProblemCode? CancelPlace(int type, Guid ticket)
    {
        if (Admitted.Contains(ticket))
        {
            return TicketingProblems.CheckedInCode;
        }

        if (places.Sum() == 1)
        {
            return Cancel();
        }

        places[type]--;
        Facts.Add("booking.ticket_cancelled");
        return null;
    }

    public void Become(string status)
    {
        (Status, ExpiresAt) = (status, null);
        Facts.Add($"booking.{status}");
    }
}

internal sealed class ModelPayment(Guid id)
{
    public Guid Id => id;

    public string Status { get; set; } = "pending";
}
