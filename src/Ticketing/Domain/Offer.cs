using Gatehouse.Kernel;

namespace Gatehouse.Ticketing.Domain;

/// <summary>
/// What an event sells: its ticket types and the pools they draw on. All pools of a booking are taken, or none.
/// </summary>
internal sealed class Offer(IReadOnlyList<Pool> pools, IReadOnlyList<TicketType> types)
{
    /// <summary>In the order of their ids, in which they are written.</summary>
    public IReadOnlyList<Pool> Pools { get; } = [.. pools.OrderBy(pool => pool.Id)];

    /// <summary>In their places in lists, archived ones too.</summary>
    public IReadOnlyList<TicketType> Types { get; } = [.. types.OrderBy(type => type.Position)];

    /// <summary>The event's own pool.</summary>
    public Pool Own { get; } = pools.Single(pool => pool.Name is null);

    public IEnumerable<TicketType> Offered => Types.Where(type => type.IsOffered);

    public bool HasHolds => Own.Held > 0;

    public bool HasChanged => Pools.Any(pool => pool.Change != (0, 0));

    public TicketType? Find(TicketTypeId id) => Types.FirstOrDefault(type => type.Id == id);

    /// <summary>As it is read by the next decision, when this one is written.</summary>
    public Offer Settled() => new([.. Pools.Select(pool => pool.Settled())], Types);

    /// <summary>Null where all pools of the lines have so many places left.</summary>
    public Problem? WhyNotTake(IReadOnlyList<BookingLine> lines)
    {
        foreach (var pool in Pools)
        {
            if (Needed(lines, pool) is var needed && needed > pool.Available)
            {
                return TicketingProblems.SoldOut(pool.Available, pool.Name);
            }
        }

        return null;
    }

    /// <summary>Takes the places of all lines from all of their pools: sold, or held until they are paid.</summary>
    public Result<Done> Take(IReadOnlyList<BookingLine> lines, bool sell)
    {
        if (WhyNotTake(lines) is { } refusal)
        {
            return refusal;
        }

        foreach (var pool in Pools)
        {
            var needed = Needed(lines, pool);
            _ = sell ? pool.Sell(needed) : pool.Hold(needed);
        }

        return new Done();
    }

    /// <summary>Gives the places of all lines back.</summary>
    public void Release(IReadOnlyList<BookingLine> lines, bool sold)
    {
        foreach (var pool in Pools)
        {
            var places = Needed(lines, pool);
            if (sold)
            {
                pool.ReleaseSold(places);
            }
            else
            {
                pool.ReleaseHeld(places);
            }
        }
    }

    /// <summary>For display: places of holds that have lapsed, as far as they are still counted as held.</summary>
    public void Free(IReadOnlyList<BookingLine> lapsed)
    {
        foreach (var pool in Pools)
        {
            pool.ReleaseHeld(Math.Min(pool.Held, Needed(lapsed, pool)));
        }
    }

    /// <summary>Places that are held become sold.</summary>
    public void Confirm(IReadOnlyList<BookingLine> lines)
    {
        foreach (var pool in Pools)
        {
            var places = Needed(lines, pool);
            pool.ReleaseHeld(places);
            _ = pool.Sell(places);
        }
    }

    /// <summary>What is left of a type: of its pools the one with the least.</summary>
    public int Left(TicketType type) =>
        Pools.Where(pool => type.Pools.Contains(pool.Id)).Min(pool => pool.Available);

    private int Needed(IReadOnlyList<BookingLine> lines, Pool pool)
    {
        var needed = 0;
        foreach (var line in lines)
        {
            if (ReferenceEquals(pool, Own) || Find(line.Type)?.Pools.Contains(pool.Id) == true)
            {
                needed += line.Places;
            }
        }

        return needed;
    }
}
