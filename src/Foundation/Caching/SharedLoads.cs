using System.Text.Json.Serialization.Metadata;

namespace Gatehouse.Foundation.Caching;

/// <summary>
/// One load among instances: whoever has the lock in Redis loads and writes, the others look whether it is there. A
/// lock whose holder died lapses after <see cref="RedisStore.LockLife"/>, and then another has it. Where Redis does not
/// answer, everyone loads alone.
/// </summary>
internal sealed class SharedLoads(
    RedisStore redis, Invalidations invalidations, CachingOptions options, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Renewal = RedisStore.LockLife / 3;

    // Then there is time left for a load of one's own.
    private readonly TimeSpan waitMax = TimeSpan.FromSeconds(options.LoadSeconds) / 2;

    /// <param name="key">Of the cache.</param>
    /// <param name="policy">Of the key.</param>
    /// <param name="json">Of the value.</param>
    /// <param name="load">Where there is none.</param>
    /// <param name="mayBeStale">A stale value will do. If not, it will do only while another loads it anew.</param>
    /// <param name="cancellation">Ends the load.</param>
    public async Task<Loaded<T>> Obtain<T>(
        string key,
        CachePolicy policy,
        JsonTypeInfo<T> json,
        Func<CancellationToken, ValueTask<T>> load,
        bool mayBeStale,
        CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        for (var look = 1; IsUsable && time.GetElapsedTime(started) < waitMax; look++)
        {
            var read = await redis.Read(key, policy.Tags);
            var found = default(Loaded<T>);
            var isFound = read.Value is not null && Loaded<T>.TryRead(read.Value, json, out found);
            if (isFound && (mayBeStale || found.FreshFor > TimeSpan.Zero))
            {
                (look > 1 ? CacheMeter.Prevented : CacheMeter.Hits).Add(1, CacheMeter.Redis);
                return found;
            }

            var held = read.Ok ? await redis.Lock(key, policy.Tags) : default;
            if (held.Value is not null)
            {
                return await LoadHolding(held.Value, policy, json, load, cancellation);
            }

            if (!held.Ok)
            {
                break;
            }

            if (isFound)
            {
                return found;
            }

            await Task.Delay(Look, time, cancellation);
        }

        return Loaded<T>.Of(await Loaded<T>.Load(load, cancellation), policy, json, out _);
    }

    // What this instance has still to tell the others, Redis does not know yet either.
    private bool IsUsable => redis.IsUp && !invalidations.ArePending;

    private async Task<Loaded<T>> LoadHolding<T>(
        SharedLock held,
        CachePolicy policy,
        JsonTypeInfo<T> json,
        Func<CancellationToken, ValueTask<T>> load,
        CancellationToken cancellation)
    {
        var isWritten = false;
        try
        {
            // Whoever had the lock until now may have written it since the look.
            if ((await redis.Read(held.Key, policy.Tags)).Value is { } entry &&
                Loaded<T>.TryRead(entry, json, out var found) && found.FreshFor > TimeSpan.Zero)
            {
                CacheMeter.Prevented.Add(1, CacheMeter.Redis);
                return found;
            }

            var loading = Loaded<T>.Load(load, cancellation);
            while (await Task.WhenAny(loading, Task.Delay(Renewal, time, cancellation)) != loading &&
                !cancellation.IsCancellationRequested)
            {
                await redis.Renew(held);
            }

            var loaded = Loaded<T>.Of(await loading, policy, json, out var text);
            if (text.Length <= options.ValueBytesMax)
            {
                isWritten = true;
                await redis.Write(held, text, loaded.FreshFor, loaded.StaleFor);
            }

            return loaded;
        }
        finally
        {
            if (!isWritten)
            {
                await redis.Release(held);
            }
        }
    }
}
