using Gatehouse.Kernel;

namespace Gatehouse.Contracts.Ticketing;

/// <summary>Looks for what does not add up between money, places and tickets. There must be nothing.</summary>
public interface IReconciliation
{
    /// <summary>By id; by cursor only.</summary>
    Task<Page<Discrepancy>> List(PageRequest page, CancellationToken cancellation);
}

/// <summary>Something that does not add up.</summary>
/// <param name="Kind">
/// <c>money</c>: a booking's money is not what its places are worth; <c>places</c>: a booking's quantity is not the sum
/// of its items; <c>tickets</c>: a booking has more or fewer valid tickets than places; <c>pool_held</c>,
/// <c>pool_sold</c>: a pool is not the sum of the bookings that draw on it; <c>event_cancelled</c>: a booking goes on
/// although its event does not;
/// <c>payment_pending</c>: nobody knows what
/// became of a payment half a day after its hold; <c>refund_due</c>: money should have gone back a week ago.
/// </param>
/// <param name="Id">Of the booking, the pool, the payment or the refund.</param>
/// <param name="Expected">In minor units or places; what it should be.</param>
/// <param name="Actual">What it is.</param>
public sealed record Discrepancy(string Kind, Guid EventId, Guid Id, long Expected, long Actual);
