using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Journal.Services;

/// <summary>
/// Two lanes for all who write a line now and then, who share transactions, and a lane for each who writes many at
/// once, so that nobody waits behind a thousand lines of someone else's.
/// </summary>
internal sealed class EntryLanes(EntryBatch batch, ILogger<EntryLanes> log)
{
    // One writes while another fills; with more of them fewer people share a transaction.
    private const int SharedLanes = 2;
    private const int QueueMax = 2_000;
    private const int RequestsMax = 256;
    private const int EntriesMax = 1_000;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly Lanes<(UserId? Of, int Number), EntryRequest> lanes = new(
        new LaneBounds(QueueMax, RequestsMax, EntriesMax), (_, requests) => batch.Write(requests), log);

    /// <summary>Those that have work.</summary>
    public int Count => lanes.Count;

    public Task<Result<Written>> Write(EntryRequest request) => lanes.TryEnter(LaneOf(request), request)
        ? request.Answer
        : Task.FromResult<Result<Written>>(Problem.Busy("Too many entries are waiting to be written.", RetryAfter));

    private static (UserId? Of, int Number) LaneOf(EntryRequest request) => request.Entries.Count > 1
        ? (request.Owner, 0)
        : (null, (request.Owner.GetHashCode() & int.MaxValue) % SharedLanes);
}
