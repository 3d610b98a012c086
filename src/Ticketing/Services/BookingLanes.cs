using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Microsoft.Extensions.Logging;
using EventId = Gatehouse.Kernel.EventId;

namespace Gatehouse.Ticketing.Services;

/// <summary>
/// A lane per event with group commit: requests queue, one writer takes what is there, decides in order of arrival,
/// writes one transaction, and all are answered after COMMIT. A batch grows with the load, so the price of durability
/// is shared (the idea of group commit: DeWitt et al., "Implementation Techniques for Main Memory Database Systems",
/// SIGMOD 1984). Lanes keep it fast; what keeps it right is the guarded UPDATE, so several processes may each have a
/// lane for one event.
/// </summary>
internal sealed partial class BookingLanes(BookingBatch batch, TicketingOptions options, ILogger<BookingLanes> log)
{
    private const int AttemptsMax = 3;

    // Each is a ticket to be signed and written while the event is locked.
    private const int BatchPlacesMax = 1_000;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private readonly Lock gate = new();
    private readonly Dictionary<EventId, Queue<BookingRequest>> lanes = [];

    /// <summary>Those that have work.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return lanes.Count;
            }
        }
    }

    public Task<Result<PlacedBooking>> Place(BookingRequest request)
    {
        bool first;
        lock (gate)
        {
            first = !lanes.TryGetValue(request.Event, out var lane);
            if (first)
            {
                lanes[request.Event] = lane = new Queue<BookingRequest>();
            }

            if (lane!.Count >= options.LaneQueueMax)
            {
                return Task.FromResult<Result<PlacedBooking>>(
                    Problem.Busy("Too many buyers are waiting for this event.", RetryAfter));
            }

            lane.Enqueue(request);
        }

        if (first)
        {
            // Unsafe is about context: the lane must not log under the ids of the request that happened to start it.
            ThreadPool.UnsafeQueueUserWorkItem(
                static lane => _ = lane.Lanes.Run(lane.Of), (Lanes: this, Of: request.Event), preferLocal: false);
        }

        return request.Answer;
    }

    // A lane lives while it has work: its writer ends with the queue empty, and the next request starts another.
    private async Task Run(EventId of)
    {
        while (Next(of) is { } requests)
        {
            await Settle(of, requests);
        }
    }

    // Requests whose idempotency key another transaction used meanwhile undo the batch; they follow alone, after it.
    private async Task Settle(EventId of, List<BookingRequest> requests)
    {
        var colliding = new List<BookingRequest>();
        for (var attempt = 1; requests.Count > 0; attempt++)
        {
            try
            {
                await batch.Decide(of, requests);
                break;
            }
            catch (KeyTakenException collision) when (requests.Count > 1)
            {
                colliding.AddRange(requests.Where(request => collision.Concerns(request.Idempotency)));
                requests.RemoveAll(request => collision.Concerns(request.Idempotency) || request.IsAbandoned);
            }
            catch (Exception exception) when (IsConflict(exception) && attempt < AttemptsMax)
            {
                // What it collided with has ended, so the next attempt sees it.
            }
            catch (Exception exception)
            {
                LogBatchFailed(exception, of.Value, requests.Count);
                Fail(of, requests, colliding, exception);
                return;
            }
        }

        foreach (var request in colliding.Where(request => !request.IsAbandoned))
        {
            await Settle(of, [request]);
        }
    }

    // Of those that were not in the batch nothing was tried, so that what is unknown of its commit is no word for them.
    private void Fail(
        EventId of, List<BookingRequest> requests, List<BookingRequest> notTried, Exception exception)
    {
        if (DatabaseFaults.IsUnreachable(exception))
        {
            // Those behind would each wait for the same refusal.
            notTried.AddRange(Waiting(of));
        }

        requests.ForEach(request => request.Fail(exception));
        var known = exception is OutcomeUnknownException { InnerException: { } cause } ? cause : exception;
        notTried.ForEach(request => request.Fail(known));
    }

    private List<BookingRequest>? Next(EventId of)
    {
        lock (gate)
        {
            var lane = lanes[of];
            var requests = new List<BookingRequest>(Math.Min(lane.Count, options.LaneBatchMax));
            var places = 0;
            while (requests.Count < options.LaneBatchMax && places < BatchPlacesMax &&
                lane.TryDequeue(out var request))
            {
                if (!request.IsAbandoned)
                {
                    requests.Add(request);
                    places += request.Order.Places;
                }
            }

            if (requests.Count > 0)
            {
                return requests;
            }

            lanes.Remove(of);
            return null;
        }
    }

    private static bool IsConflict(Exception exception) =>
        exception is KeyTakenException || DatabaseFaults.IsUniqueViolation(exception);

    private List<BookingRequest> Waiting(EventId of)
    {
        lock (gate)
        {
            var waiting = lanes[of].ToList();
            lanes[of].Clear();
            return waiting;
        }
    }

    [LoggerMessage(5001, LogLevel.Warning, "A batch of bookings failed: event {EventId}, {Count} requests")]
    private partial void LogBatchFailed(Exception exception, Guid eventId, int count);
}
