using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

/// <summary>One buyer waiting in a lane for an answer.</summary>
internal sealed class BookingRequest(
    EventId of, BookingOrder order, IdempotentRequest? idempotency, CancellationToken cancellation)
    : LaneRequest<PlacedBooking>(idempotency, cancellation)
{
    public EventId Event => of;

    public BookingOrder Order => order;

    public override int Weight => order.Places;
}
