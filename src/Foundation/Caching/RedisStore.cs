using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Foundation.Redis;
using StackExchange.Redis;

namespace Gatehouse.Foundation.Caching;

/// <summary>
/// The level that instances share. An entry carries the stamp of each of its tags as it was before the load; a tag is
/// invalidated by giving it another stamp, so that an entry is good only while all its stamps are in force, whenever it
/// was written. Locks and stamps are kept for the length of a load and of the longest life.
/// </summary>
internal sealed class RedisStore(RedisConnection redis)
{
    /// <summary>A tag of every entry.</summary>
    public const string Everything = "*";

    public static readonly TimeSpan LockLife = TimeSpan.FromSeconds(3);

    private const int StampBytes = 8;
    private const int HeaderBytes = 9;
    private const byte Format = 1;
    private static readonly TimeSpan StampLife = TimeSpan.FromDays(3);

    public bool IsUp => redis.IsUp;

    /// <summary>What is there and in force; nothing when there is nothing.</summary>
    public async ValueTask<RedisReply<SharedEntry?>> Read(string key, IReadOnlyList<string> tags)
    {
        var reply = await redis.Try(
            static (database, keys) => database.ScriptEvaluateAsync(Scripts.Read, keys), Keys("cache:" + key, tags));
        return reply.Ok ? new RedisReply<SharedEntry?>(EntryIn(reply.Value, tags.Count + 1)) : default;
    }

    private static SharedEntry? EntryIn(RedisResult answer, int tags)
    {
        if (answer.IsNull)
        {
            return null;
        }

        var parts = (RedisValue[])answer!;
        var bytes = (byte[]?)parts[0];
        var head = HeaderBytes + (tags * StampBytes);
        if (bytes is null || bytes.Length < head || bytes[0] != Format)
        {
            return null;
        }

        for (var i = 0; i < tags; i++)
        {
            if ((byte[]?)parts[i + 2] is not { } stamp ||
                !bytes.AsSpan(HeaderBytes + (i * StampBytes), StampBytes).SequenceEqual(stamp))
            {
                return null;
            }
        }

        var staleFor = TimeSpan.FromTicks(BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(1)));
        return new SharedEntry(
            bytes.AsMemory(head), TimeSpan.FromMilliseconds((long)parts[1]) - staleFor, staleFor);
    }

    /// <summary>The right to load and write the key; nothing when another has it.</summary>
    public async ValueTask<RedisReply<SharedLock?>> Lock(string key, IReadOnlyList<string> tags)
    {
        var owner = RandomNumberGenerator.GetBytes(StampBytes);
        var reply = await redis.Try(
            static (database, asked) => database.ScriptEvaluateAsync(Scripts.Lock, asked.Keys, asked.Values),
            (Keys: Keys("lock:" + key, tags), Values: (RedisValue[])
            [
                owner, (long)LockLife.TotalMilliseconds,
                RandomNumberGenerator.GetBytes(StampBytes), (long)StampLife.TotalMilliseconds,
            ]));
        if (!reply.Ok)
        {
            return default;
        }

        return new RedisReply<SharedLock?>(reply.Value.IsNull
            ? null
            : new SharedLock(key, owner, [.. ((RedisValue[])reply.Value!).SelectMany(stamp => (byte[])stamp!)]));
    }

    public async ValueTask Renew(SharedLock held) => await redis.Try(
        static (database, asked) => database.ScriptEvaluateAsync(Scripts.Renew, asked.Keys, asked.Values),
        (Keys: (RedisKey[])[redis.Key("lock:" + held.Key)],
            Values: (RedisValue[])[held.Owner, (long)LockLife.TotalMilliseconds]));

    /// <summary>Writes the value, unless the lock was lost meanwhile, and gives the lock back.</summary>
    public ValueTask Write(SharedLock held, byte[] json, TimeSpan freshFor, TimeSpan staleFor)
    {
        var entry = new byte[HeaderBytes + held.Stamps.Length + json.Length];
        entry[0] = Format;
        BinaryPrimitives.WriteInt64LittleEndian(entry.AsSpan(1), staleFor.Ticks);
        held.Stamps.CopyTo(entry, HeaderBytes);
        json.CopyTo(entry, HeaderBytes + held.Stamps.Length);
        return End(held, entry, freshFor + staleFor);
    }

    public ValueTask Release(SharedLock held) => End(held, [], TimeSpan.Zero);

    /// <summary>Gives the tag another stamp and tells the other instances; answers whether that was done.</summary>
    public async ValueTask<bool> Invalidate(string tag, string message) => (await redis.Try(
        static (database, asked) => database.ScriptEvaluateAsync(Scripts.Invalidate, asked.Keys, asked.Values),
        (Keys: (RedisKey[])[redis.Key("tag:" + tag)],
            Values: (RedisValue[])
            [
                RandomNumberGenerator.GetBytes(StampBytes), (long)StampLife.TotalMilliseconds, Channel, message,
            ]))).Ok;

    /// <summary>Also takes the lock from whoever loads, so that what is older is not written after this.</summary>
    public async ValueTask<bool> Remove(string key, string message) => (await redis.Try(
        static (database, asked) => database.ScriptEvaluateAsync(Scripts.Remove, asked.Keys, asked.Values),
        (Keys: (RedisKey[])[redis.Key("cache:" + key), redis.Key("lock:" + key)],
            Values: (RedisValue[])[Channel, message]))).Ok;

    /// <summary>The bytes under the key, and the stamps in force, which are made where there are none.</summary>
    public async ValueTask<RedisReply<(byte[]? Bytes, byte[][] Stamps)>> Look(
        string key, IReadOnlyList<string> tags)
    {
        var reply = await redis.Try(
            static (database, asked) => database.ScriptEvaluateAsync(Scripts.Look, asked.Keys, asked.Values),
            (Keys: Keys("cache:" + key, tags), Values: (RedisValue[])
            [
                RandomNumberGenerator.GetBytes(StampBytes), (long)StampLife.TotalMilliseconds,
            ]));
        if (!reply.Ok || reply.Value.IsNull)
        {
            return default;
        }

        var parts = (RedisValue[])reply.Value!;
        return new RedisReply<(byte[]?, byte[][])>(
            ((byte[]?)parts[0], [.. parts.Skip(1).Select(stamp => (byte[])stamp!)]));
    }

    public async ValueTask Put(string key, byte[] bytes, TimeSpan life) => await redis.Try(
        static (database, asked) => database.StringSetAsync(asked.Key, asked.Bytes, asked.Life),
        (Key: redis.Key("cache:" + key), Bytes: bytes, Life: life));

    public void Hear(Action<string> invalidation, Action missed)
    {
        redis.Subscribe("invalidations", message => invalidation(message!));
        redis.WhenRestored(missed);
    }

    private RedisValue Channel => Encoding.UTF8.GetBytes(redis.Key("invalidations")!);

    private async ValueTask End(SharedLock held, byte[] entry, TimeSpan life) => await redis.Try(
        static (database, asked) => database.ScriptEvaluateAsync(Scripts.End, asked.Keys, asked.Values),
        (Keys: (RedisKey[])[redis.Key("lock:" + held.Key), redis.Key("cache:" + held.Key)],
            Values: (RedisValue[])[held.Owner, entry, (long)life.TotalMilliseconds]));

    private RedisKey[] Keys(string first, IReadOnlyList<string> tags)
    {
        var keys = new RedisKey[tags.Count + 2];
        keys[0] = redis.Key(first);
        keys[1] = redis.Key("tag:" + Everything);
        for (var i = 0; i < tags.Count; i++)
        {
            keys[i + 2] = redis.Key("tag:" + tags[i]);
        }

        return keys;
    }

    private static class Scripts
    {
        /// <summary>KEYS: entry, tags. Answers the entry, the milliseconds it has left, the stamps in force.</summary>
        public const string Read =
            """
            local entry = redis.call('GET', KEYS[1])
            if not entry then return false end
            local answer = redis.call('MGET', unpack(KEYS, 2))
            table.insert(answer, 1, redis.call('PTTL', KEYS[1]))
            table.insert(answer, 1, entry)
            return answer
            """;

        /// <summary>
        /// KEYS: lock, tags. ARGV: owner, its milliseconds, a stamp, its milliseconds. A tag without a stamp gets that
        /// one: an entry never depends on a stamp being absent, since it could come to be absent again.
        /// </summary>
        public const string Lock =
            """
            if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return false end
            local stamps = {}
            for i = 2, #KEYS do
              redis.call('SET', KEYS[i], ARGV[3], 'NX', 'PX', ARGV[4])
              redis.call('PEXPIRE', KEYS[i], ARGV[4])
              stamps[i - 1] = redis.call('GET', KEYS[i])
            end
            return stamps
            """;

        /// <summary>KEYS: entry, tags. ARGV: a stamp for a tag without, its milliseconds.</summary>
        public const string Look =
            """
            local found = redis.call('MGET', unpack(KEYS))
            for i = 2, #KEYS do
              if not found[i] then
                redis.call('SET', KEYS[i], ARGV[1], 'PX', ARGV[2])
                found[i] = ARGV[1]
              end
            end
            return found
            """;

        public const string Renew =
            """
            if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
            return 0
            """;

        /// <summary>KEYS: lock, entry. ARGV: owner, entry or nothing, its milliseconds.</summary>
        public const string End =
            """
            if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
            if ARGV[2] ~= '' then redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3]) end
            return redis.call('DEL', KEYS[1])
            """;

        /// <summary>KEYS: tag. ARGV: stamp, its milliseconds, channel, message.</summary>
        public const string Invalidate =
            """
            redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
            return redis.call('PUBLISH', ARGV[3], ARGV[4])
            """;

        /// <summary>KEYS: entry, lock. ARGV: channel, message.</summary>
        public const string Remove =
            """
            redis.call('DEL', KEYS[1], KEYS[2])
            return redis.call('PUBLISH', ARGV[1], ARGV[2])
            """;
    }
}

/// <param name="Json">The value.</param>
/// <param name="FreshFor">From now; negative when it is stale.</param>
/// <param name="StaleFor">After that.</param>
internal sealed record SharedEntry(ReadOnlyMemory<byte> Json, TimeSpan FreshFor, TimeSpan StaleFor);

/// <param name="Key">Of the value.</param>
/// <param name="Owner">Says whose the lock is.</param>
/// <param name="Stamps">Of the tags when it was taken, one after another.</param>
internal sealed record SharedLock(string Key, byte[] Owner, byte[] Stamps);
