using Gatehouse.Foundation.Redis;

namespace Gatehouse.Foundation.Caching;

/// <summary>
/// The level that instances share, for who decides himself what is kept and for how long, which with
/// <see cref="ICache"/> the caller says before the load. Where Redis does not answer there is nothing, and nobody waits.
/// </summary>
/// <remarks>
/// An entry carries the stamps of the tags it hangs on, as they were before it was loaded: whatever was invalidated
/// since, by whomever, has another stamp, so that the entry is none.
/// </remarks>
public sealed class SharedBytes : IDisposable
{
    private const byte Format = 1;
    private const int StampBytes = 8;
    private const int HeadBytes = 2;

    private readonly RedisStore redis;
    private readonly Invalidations invalidations;
    private readonly int bytesMax;

    internal SharedBytes(
        RedisStore redis, CachingOptions options, TimeProvider time, Action<string> forget, Action forgetAll,
        Func<string, string> stampOf)
    {
        this.redis = redis;
        bytesMax = options.ValueBytesMax;
        invalidations = new Invalidations(
            redis, time, (name, isTag) => Forget(name, isTag, forget), forgetAll, stampOf);
    }

    /// <summary>What this instance has still to tell the others, Redis does not know yet either.</summary>
    public bool IsUsable => redis.IsUp && !invalidations.ArePending;

    /// <summary>Null: Redis does not answer.</summary>
    /// <param name="tags">The same for the same key each time; 255 at most.</param>
    public async ValueTask<SharedLook?> Look(string key, IReadOnlyList<string> tags)
    {
        var reply = IsUsable ? await redis.Look(key, tags) : default;
        if (!reply.Ok)
        {
            return null;
        }

        // The first is the stamp of everything.
        var (bytes, stamps) = reply.Value;
        return new SharedLook(ValueIn(bytes, stamps), stamps);
    }

    /// <summary>Does nothing where it is too long, or Redis has gone.</summary>
    /// <param name="look">Made before the load.</param>
    /// <param name="hangsOn">Which of the tags, by their place from 0; everything it always hangs on.</param>
    public async ValueTask Put(
        string key, SharedLook look, IReadOnlyCollection<int> hangsOn, ReadOnlyMemory<byte> value, TimeSpan life)
    {
        if (value.Length > bytesMax || life <= TimeSpan.Zero || !IsUsable)
        {
            return;
        }

        var count = hangsOn.Count + 1;
        var entry = new byte[HeadBytes + (count * (1 + StampBytes)) + value.Length];
        (entry[0], entry[1]) = (Format, (byte)count);
        var at = HeadBytes;
        foreach (var place in hangsOn.Select(tag => tag + 1).Prepend(0))
        {
            entry[at++] = (byte)place;
            look.Stamps[place].CopyTo(entry, at);
            at += StampBytes;
        }

        value.CopyTo(entry.AsMemory(at));
        await redis.Put(key, entry, life);
    }

    /// <summary>Tells the other instances, at once or as soon as they can be told.</summary>
    public ValueTask Invalidate(string name) => invalidations.Tell(name, isTag: true);

    public void Dispose() => invalidations.Dispose();

    private static ReadOnlyMemory<byte>? ValueIn(byte[]? entry, byte[][] stamps)
    {
        if (entry is null || entry.Length < HeadBytes || entry[0] != Format)
        {
            return null;
        }

        var end = HeadBytes + (entry[1] * (1 + StampBytes));
        if (entry.Length < end)
        {
            return null;
        }

        for (var at = HeadBytes; at < end; at += 1 + StampBytes)
        {
            if (entry[at] >= stamps.Length || !entry.AsSpan(at + 1, StampBytes).SequenceEqual(stamps[entry[at]]))
            {
                return null;
            }
        }

        return entry.AsMemory(end);
    }

    private static void Forget(string name, bool isTag, Action<string> forget)
    {
        if (isTag)
        {
            forget(name);
        }
    }
}

/// <param name="Value">Null: there is none in force.</param>
/// <param name="Stamps">That of everything, then those of the tags.</param>
public sealed record SharedLook(ReadOnlyMemory<byte>? Value, IReadOnlyList<byte[]> Stamps);

/// <summary>Where such a level comes from.</summary>
public sealed class SharedBytesSource
{
    private readonly RedisConnection redis;
    private readonly CachingOptions options;
    private readonly TimeProvider time;

    internal SharedBytesSource(RedisConnection redis, CachingOptions options, TimeProvider time) =>
        (this.redis, this.options, this.time) = (redis, options, time);

    /// <summary>Null where no Redis is configured.</summary>
    /// <param name="forget">Is told every name that any instance invalidates, those of others' caches too.</param>
    /// <param name="forgetAll">Is called when what was told may have been missed.</param>
    /// <param name="stampOf">
    /// Which tag a name is invalidated by: names may be many, and each tag costs Redis a key.
    /// </param>
    public SharedBytes? Open(Action<string> forget, Action forgetAll, Func<string, string> stampOf) =>
        redis.IsConfigured
            ? new SharedBytes(new RedisStore(redis), options, time, forget, forgetAll, stampOf)
            : null;
}
