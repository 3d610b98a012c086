using Gatehouse.Kernel;

namespace Gatehouse.Ticketing.Domain;

/// <summary>
/// A number of places that may not be exceeded: <c>0 ≤ held + sold ≤ size</c> at every instant. This object decides;
/// the guarded UPDATE and the CHECK in the database make sure.
/// </summary>
/// <param name="id">Unique within its event; pools are written in its order.</param>
/// <param name="size">Places in all.</param>
/// <param name="held">Of them kept for bookings that are to be paid.</param>
/// <param name="sold">Of them those of confirmed bookings.</param>
/// <param name="name">Null for the event's own, which every ticket type draws on.</param>
internal sealed class Pool(Guid id, int size, int held, int sold, string? name = null)
{
    private readonly int heldBefore = held;
    private readonly int soldBefore = sold;

    public Guid Id { get; } = id;

    public string? Name => name;

    public int Size { get; private set; } = size;

    public int Held { get; private set; } = held;

    public int Sold { get; private set; } = sold;

    public int Taken => Held + Sold;

    /// <summary>What was decided since the pool was read.</summary>
    public (int Held, int Sold) Change => (Held - heldBefore, Sold - soldBefore);

    public int Available => Size - Taken;

    /// <summary>Places for a booking that is confirmed at once.</summary>
    public Result<Done> Sell(int places)
    {
        if (places > Available)
        {
            return TicketingProblems.SoldOut(Available);
        }

        Sold += places;
        return new Done();
    }

    /// <summary>Places kept for a booking that is still to be paid.</summary>
    public Result<Done> Hold(int places)
    {
        if (places > Available)
        {
            return TicketingProblems.SoldOut(Available);
        }

        Held += places;
        return new Done();
    }

    public void ReleaseHeld(int places) => Held = NotNegative(Held - places);

    public void ReleaseSold(int places) => Sold = NotNegative(Sold - places);

    /// <summary>As it is read by the next decision, when this one is written.</summary>
    public Pool Settled() => new(Id, Size, Held, Sold, Name);

    public Result<Done> Resize(int size)
    {
        if (size < Taken)
        {
            return TicketingProblems.BelowSold(Taken);
        }

        Size = size;
        return new Done();
    }

    private static int NotNegative(int places) =>
        places >= 0 ? places : throw new InvalidOperationException("More places were given back than were taken.");
}
