using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Microsoft.Extensions.Logging;
using EventId = Gatehouse.Kernel.EventId;

namespace Gatehouse.Ticketing.Services;

/// <summary>
/// A lane per event: a batch is decided first come first served. What keeps it right is the guarded UPDATE.
/// </summary>
internal sealed class BookingLanes(BookingBatch batch, TicketingOptions options, ILogger<BookingLanes> log)
{
    // Each is a ticket to be signed and written while the event is locked.
    private const int BatchPlacesMax = 1_000;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private readonly Lanes<EventId, BookingRequest> lanes = new(
        new LaneBounds(options.LaneQueueMax, options.LaneBatchMax, BatchPlacesMax), batch.Decide, log);

    /// <summary>Those that have work.</summary>
    public int Count => lanes.Count;

    public Task<Result<PlacedBooking>> Place(BookingRequest request) => lanes.TryEnter(request.Event, request)
        ? request.Answer
        : Task.FromResult<Result<PlacedBooking>>(
            Problem.Busy("Too many buyers are waiting for this event.", RetryAfter));
}
