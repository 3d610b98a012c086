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

    public int Taken(int pool) => Bookings.Where(booking => booking.IsLive).Sum(booking => Needed(booking.Places, pool));

    /// <summary>Null when it is refused with <paramref name="code"/>.</summary>
    public ModelBooking? Place(int buyer, int[] places, DateTimeOffset now, out ProblemCode? code)
    {
        Lapse(now);
        code = types.Index().Any(type => places[type.Index] > 0 &&
            places[type.Index] + Bought(buyer, type.Index) > type.Item.BuyerMax)
            ? TicketingProblems.BuyerLimitCode
            : sizes.Index().Any(pool => Taken(pool.Index) + Needed(places, pool.Index) > pool.Item)
                ? TicketingProblems.SoldOutCode
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

    public void Cancel()
    {
        if (IsLive)
        {
            Become("cancelled");
        }
    }

    public void CancelPlace(int type)
    {
        if (places.Sum() == 1)
        {
            Cancel();
        }
        else
        {
            places[type]--;
            Facts.Add("booking.ticket_cancelled");
        }
    }

    public void Become(string status)
    {
        (Status, ExpiresAt) = (status, null);
        Facts.Add($"booking.{status}");
    }
}
