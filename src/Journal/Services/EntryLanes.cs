using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Journal.Services;

/// <summary>
/// Two lanes for all who write a line now and then, who share transactions, and a lane for each who writes many at
/// once, or whose journal another transaction has, so that nobody waits for someone else's journal.
/// </summary>
internal sealed class EntryLanes
{
    // One writes while another fills; with more of them fewer people share a transaction.
    private const int SharedLanes = 2;
    private const int QueueMax = 2_000;
    private const int RequestsMax = 256;
    private const int BatchWeightMax = 1_000 * EntryRequest.RowsCharacters;

    // More than the longest request of one person weighs.
    private const int QueueWeightMax = 10_000_000;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private readonly Lanes<int, EntryRequest> shared;
    private readonly Lanes<UserId, EntryRequest> own;

    public EntryLanes(EntryBatch batch, ILogger<EntryLanes> log)
    {
        var bounds = new LaneBounds(QueueMax, RequestsMax, BatchWeightMax, QueueWeightMax);
        own = new Lanes<UserId, EntryRequest>(bounds, batch.Write, log);
        shared = new Lanes<int, EntryRequest>(
            bounds, async (_, requests) => Move(await batch.WriteFree(requests)), log);
    }

    /// <summary>Those that have work.</summary>
    public int Count => shared.Count + own.Count;

    public Task<Result<Written>> Write(EntryRequest request)
    {
        var entered = request.Entries.Count > 1
            ? own.TryEnter(request.Owner, request)
            : shared.TryEnter((request.Owner.GetHashCode() & int.MaxValue) % SharedLanes, request);
        return entered ? request.Answer : Task.FromResult<Result<Written>>(Busy());
    }

    private void Move(IReadOnlyList<EntryRequest> requests)
    {
        foreach (var request in requests.Where(request => !own.TryEnter(request.Owner, request)))
        {
            request.Complete(Busy());
        }
    }

    private static Problem Busy() => Problem.Busy("Too many entries are waiting to be written.", RetryAfter);
}
