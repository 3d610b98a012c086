using System.Collections.Concurrent;

namespace Gatehouse.Gateway.Forwarding;

/// <summary>The time of one try, and its end when the client goes away; used again and again.</summary>
internal sealed class TimeLimit : IDisposable
{
    private const int KeptMax = 1024;
    private static readonly ConcurrentQueue<TimeLimit> Kept = new();

    private readonly CancellationTokenSource source = new();
    private CancellationTokenRegistration client;

    public CancellationToken Token => source.Token;

    public static TimeLimit Begin(TimeSpan time, CancellationToken clientGone)
    {
        if (!Kept.TryDequeue(out var limit))
        {
            limit = new TimeLimit();
        }

        limit.source.CancelAfter(time > TimeSpan.Zero ? time : TimeSpan.Zero);
        limit.client = clientGone.UnsafeRegister(static s => ((TimeLimit)s!).source.Cancel(), limit);
        return limit;
    }

    /// <summary>Another time, from now.</summary>
    public void Within(TimeSpan time) => source.CancelAfter(time);

    /// <summary>From now on only the client ends it.</summary>
    public void Lift() => source.CancelAfter(Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        client.Dispose();
        if (Kept.Count < KeptMax && source.TryReset())
        {
            Kept.Enqueue(this);
        }
        else
        {
            source.Dispose();
        }
    }
}
