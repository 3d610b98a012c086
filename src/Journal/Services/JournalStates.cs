using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Journal.Services;

/// <summary>
/// The state a journal is in, which is another after each change. It is read for every request and after the request
/// came, so that no change is missed that was acknowledged before; those who ask meanwhile share the next reading.
/// </summary>
internal sealed class JournalStates(IJournalStateRepository states, ILogger<JournalStates> log)
{
    private const int QueueMax = 10_000;
    private const int ReadingMax = 256;
    private const int OneForAll = 0;

    private readonly Lanes<int, StateRequest> lanes = new(
        new LaneBounds(QueueMax, ReadingMax, ReadingMax), (_, requests) => Read(states, requests), log);

    public Task<Result<Guid>> Of(UserId owner, CancellationToken cancellation)
    {
        var request = new StateRequest(owner, cancellation);
        return lanes.TryEnter(OneForAll, request)
            ? request.Answer
            : Task.FromResult<Result<Guid>>(Problem.Busy("Too many are reading journals.", TimeSpan.FromSeconds(1)));
    }

    private static async Task Read(IJournalStateRepository states, IReadOnlyList<StateRequest> requests)
    {
        var found = await states.Find([.. requests.Select(request => request.Owner).Distinct()]);
        foreach (var request in requests)
        {
            request.Complete(found.GetValueOrDefault(request.Owner));
        }
    }

    private sealed class StateRequest(UserId owner, CancellationToken cancellation)
        : LaneRequest<Guid>(idempotency: null, cancellation)
    {
        public UserId Owner => owner;
    }
}
