using Gatehouse.Contracts.Ticketing;
using Gatehouse.Kernel;

namespace Gatehouse.Ticketing.Services;

/// <summary>Reads a buyer's own bookings.</summary>
internal interface IBookingViewRepository
{
    Task<BookingView?> Find(UserId buyer, BookingId id, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Newest first.</summary>
    Task<Page<BookingView>> List(UserId buyer, PageRequest page, DateTimeOffset now, CancellationToken cancellation);
}
