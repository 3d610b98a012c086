using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Foundation.Data;

/// <summary>
/// Lanes with group commit: requests with one key queue, one writer takes what is there, in order of arrival, and all
/// are answered after the one COMMIT. A batch grows with the load, so the price of a transaction is shared (the idea of
/// group commit: DeWitt et al., "Implementation Techniques for Main Memory Database Systems", SIGMOD 1984). Lanes keep
/// it fast and guard nothing: several processes may each have a lane for one key.
/// </summary>
/// <param name="bounds">Of each lane.</param>
/// <param name="decide">
/// Answers every request of a batch after its COMMIT; throws, with none answered, when nothing could be made durable.
/// </param>
/// <param name="log">Of whoever has the lanes.</param>
public sealed partial class Lanes<TKey, TRequest>(
    LaneBounds bounds, Func<TKey, IReadOnlyList<TRequest>, Task> decide, ILogger log)
    where TKey : notnull
    where TRequest : LaneRequest
{
    private const int AttemptsMax = 3;
    private readonly Lock gate = new();
    private readonly Dictionary<TKey, Lane> lanes = [];

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

    /// <summary>False, and nothing is done, where too many wait, or too much.</summary>
    public bool TryEnter(TKey key, TRequest request)
    {
        bool first;
        lock (gate)
        {
            first = !lanes.TryGetValue(key, out var lane);
            if (first)
            {
                lanes[key] = lane = new Lane();
            }

            lane!.ForgetAbandoned();
            if (lane.Count > 0 &&
                (lane.Count >= bounds.QueueMax || lane.Weight + request.Weight > bounds.QueueWeightMax))
            {
                return false;
            }

            lane.Add(request);
        }

        if (first)
        {
            // Unsafe is about context: the lane must not log under the ids of the request that happened to start it.
            ThreadPool.UnsafeQueueUserWorkItem(
                static lane => _ = lane.Lanes.Run(lane.Key), (Lanes: this, Key: key), preferLocal: false);
        }

        return true;
    }

    // A lane lives while it has work: its writer ends with the queue empty, and the next request starts another.
    private async Task Run(TKey key)
    {
        while (Next(key) is { } requests)
        {
            await Settle(key, requests);
        }
    }

    // Requests whose idempotency key another transaction used meanwhile undo the batch; they follow alone, after it.
    private async Task Settle(TKey key, List<TRequest> requests)
    {
        var colliding = new List<TRequest>();
        for (var attempt = 1; requests.Count > 0; attempt++)
        {
            try
            {
                await decide(key, requests);
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
            catch (Exception exception) when (requests.Count > 1 && MayBeOfOne(exception))
            {
                LogBatchFailed(exception, key, requests.Count);
                var half = requests.Count / 2;
                await Settle(key, requests[..half]);
                await Settle(key, requests[half..]);
                break;
            }
            catch (Exception exception)
            {
                LogBatchFailed(exception, key, requests.Count);
                Fail(key, requests, colliding, exception);
                return;
            }
        }

        foreach (var request in colliding.Where(request => !request.IsAbandoned))
        {
            await Settle(key, [request]);
        }
    }

    // Of those that were not in the batch nothing was tried, so that what is unknown of its commit is no word for them.
    private void Fail(TKey key, List<TRequest> requests, List<TRequest> notTried, Exception exception)
    {
        if (DatabaseFaults.IsUnreachable(exception))
        {
            // Those behind would each wait for the same refusal.
            notTried.AddRange(Waiting(key));
        }

        requests.ForEach(request => request.Fail(exception));
        var known = exception is OutcomeUnknownException { InnerException: { } cause } ? cause : exception;
        notTried.ForEach(request => request.Fail(known));
    }

    private List<TRequest>? Next(TKey key)
    {
        lock (gate)
        {
            var lane = lanes[key];
            var requests = new List<TRequest>(Math.Min(lane.Count, bounds.BatchMax));
            var weight = 0;
            while (requests.Count < bounds.BatchMax && weight < bounds.WeightMax && lane.TryTake(out var request))
            {
                if (!request.IsAbandoned)
                {
                    requests.Add(request);
                    weight += request.Weight;
                }
            }

            if (requests.Count > 0)
            {
                return requests;
            }

            lanes.Remove(key);
            return null;
        }
    }

    private List<TRequest> Waiting(TKey key)
    {
        lock (gate)
        {
            return lanes[key].TakeAll();
        }
    }

    private static bool IsConflict(Exception exception) =>
        exception is KeyTakenException || DatabaseFaults.IsUniqueViolation(exception) ||
        DatabaseFaults.IsDeadlock(exception);

    // The others must not pay for what is wrong with one, and nothing of theirs was done.
    private static bool MayBeOfOne(Exception exception) =>
        exception is not OutcomeUnknownException && !DatabaseFaults.IsUnavailable(exception);

    [LoggerMessage(1004, LogLevel.Warning, "A batch failed: lane {Lane}, {Count} requests")]
    private partial void LogBatchFailed(Exception exception, TKey lane, int count);

    /// <summary>Those that wait, in order of arrival; under the gate.</summary>
    private sealed class Lane
    {
        private readonly Queue<TRequest> waiting = new();

        public int Count => waiting.Count;

        public long Weight { get; private set; }

        public void Add(TRequest request)
        {
            waiting.Enqueue(request);
            Weight += request.Weight;
        }

        public bool TryTake([MaybeNullWhen(false)] out TRequest request)
        {
            var taken = waiting.TryDequeue(out request);
            Weight -= request?.Weight ?? 0;
            return taken;
        }

        public List<TRequest> TakeAll()
        {
            var all = waiting.ToList();
            waiting.Clear();
            Weight = 0;
            return all;
        }

        /// <summary>Who came first gives up first: what is kept for nobody leaves before its turn.</summary>
        public void ForgetAbandoned()
        {
            while (waiting.TryPeek(out var oldest) && oldest.IsAbandoned)
            {
                TryTake(out _);
            }
        }
    }
}

/// <param name="QueueMax">Requests that may wait.</param>
/// <param name="BatchMax">Requests of one batch.</param>
/// <param name="WeightMax">A batch that weighs so much takes no further one.</param>
/// <param name="QueueWeightMax">What they may weigh that wait, where that is not bounded by their number.</param>
public sealed record LaneBounds(int QueueMax, int BatchMax, int WeightMax, long QueueWeightMax = long.MaxValue);
