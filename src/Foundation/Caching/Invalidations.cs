using System.Globalization;

namespace Gatehouse.Foundation.Caching;

/// <summary>
/// Tells other instances what is to be forgotten and hears it from them. What cannot be told is kept and told once
/// Redis answers; when Redis was away, what they told meanwhile is unknown, so that everything here is forgotten.
/// </summary>
internal sealed class Invalidations : IDisposable
{
    private const int PendingMax = 1_000;
    private const char Tag = 't';
    private const char Key = 'k';
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly RedisStore redis;
    private readonly TimeProvider time;
    private readonly Action<string, bool> forget;
    private readonly Action forgetAll;
    private readonly Func<string, string>? stampOf;
    private readonly string me = Random.Shared.NextInt64().ToString("x16", CultureInfo.InvariantCulture);
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private readonly HashSet<(string Name, bool IsTag)> pending = [];
    private volatile bool arePending;

    /// <param name="stampOf">Which stamp a tag is invalidated by; without, the tag's own.</param>
    public Invalidations(
        RedisStore redis, TimeProvider time, Action<string, bool> forget, Action forgetAll,
        Func<string, string>? stampOf = null)
    {
        this.stampOf = stampOf;
        this.redis = redis;
        this.time = time;
        this.forget = forget;
        this.forgetAll = forgetAll;
        redis.Hear(Hear, missed: forgetAll);
    }

    public bool ArePending => arePending;

    public async ValueTask Tell(string name, bool isTag)
    {
        if (!await Send(name, isTag))
        {
            Keep(name, isTag);
        }
    }

    public void Dispose()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    private ValueTask<bool> Send(string name, bool isTag) => isTag
        ? redis.Invalidate(stampOf?.Invoke(name) ?? name, $"{me}{Tag}{name}")
        : redis.Remove(name, $"{me}{Key}{name}");

    private void Hear(string message)
    {
        if (message.Length <= me.Length || message.StartsWith(me, StringComparison.Ordinal))
        {
            return;
        }

        var (isTag, name) = (message[me.Length] == Tag, message[(me.Length + 1)..]);
        if (isTag && name == RedisStore.Everything)
        {
            forgetAll();
        }
        else
        {
            forget(name, isTag);
        }
    }

    private void Keep(string name, bool isTag)
    {
        lock (gate)
        {
            if (pending.Count >= PendingMax)
            {
                pending.Clear();
                (name, isTag) = (RedisStore.Everything, true);
            }

            pending.Add((name, isTag));
            if (!arePending && !stopping.IsCancellationRequested)
            {
                arePending = true;
                _ = Task.Run(() => TellPending(stopping.Token));
            }
        }
    }

    private async Task TellPending(CancellationToken stopped)
    {
        while (!stopped.IsCancellationRequested)
        {
            (string Name, bool IsTag)[] untold;
            lock (gate)
            {
                untold = [.. pending];
                if (untold.Length == 0)
                {
                    arePending = false;
                    return;
                }
            }

            foreach (var (name, isTag) in untold)
            {
                if (!redis.IsUp || !await Send(name, isTag))
                {
                    await Task.WhenAny(Task.Delay(Pause, time, stopped));
                    break;
                }

                // Said again meanwhile, it is told again.
                lock (gate)
                {
                    pending.Remove((name, isTag));
                }
            }
        }
    }
}
