using System.Globalization;
using System.Net;
using Gatehouse.Foundation.Redis;
using StackExchange.Redis;

namespace Gatehouse.Foundation.Limits;

/// <summary>
/// Strikes and blocks of all instances, by the clock of Redis. Blocks are told as they come and go; whoever missed that
/// reads them all.
/// </summary>
internal sealed class RedisBlocks(RedisConnection redis)
{
    private const string Channel = "blocks";
    private readonly RedisKey all = redis.Key("blocks");

    public void Hear(Action<IPAddress, TimeSpan> blocked, Action<IPAddress> lifted, Action restored)
    {
        redis.Subscribe(Channel, message =>
        {
            // "+ milliseconds address" or "- 0 address".
            if (((string?)message)?.Split(' ') is [var sign, var left, var text] &&
                IPAddress.TryParse(text, out var address) &&
                long.TryParse(left, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds))
            {
                if (sign == "+")
                {
                    blocked(address, TimeSpan.FromMilliseconds(milliseconds));
                }
                else
                {
                    lifted(address);
                }
            }
        });
        redis.WhenRestored(restored);
    }

    /// <summary>How long it is blocked for, zero for not; null when Redis did not count.</summary>
    public async ValueTask<(TimeSpan For, bool IsShared)?> Strike(IPAddress place, LimitKey key, BlockRule rule)
    {
        if (!redis.IsUp)
        {
            return null;
        }

        var reply = await redis.Try(
            static (database, asked) => database.ScriptEvaluateAsync(Scripts.Strike, asked.Keys, asked.Values),
            (Keys: (RedisKey[])[redis.Key($"strikes:{key}"), all],
                Values: (RedisValue[])
                [
                    rule.StrikesMax, (long)rule.Window.TotalMilliseconds, (long)rule.Duration.TotalMilliseconds,
                    place.ToString(), (string)redis.Key(Channel)!, AddressBlocks.BlocksMax,
                ]));
        return reply.Ok ? (TimeSpan.FromMilliseconds((long)reply.Value), true) : null;
    }

    /// <summary>Null when Redis does not say.</summary>
    public async ValueTask<IReadOnlyList<(IPAddress Address, TimeSpan Left)>?> All()
    {
        if (!redis.IsUp)
        {
            return null;
        }

        var reply = await redis.Try(
            static (database, keys) => database.ScriptEvaluateAsync(Scripts.All, keys, []), (RedisKey[])[all]);
        if (!reply.Ok)
        {
            return null;
        }

        var listed = (string[])reply.Value!;
        return
        [
            .. listed.Chunk(2).Where(pair => IPAddress.TryParse(pair[0], out _)).Select(pair => (
                IPAddress.Parse(pair[0]),
                TimeSpan.FromMilliseconds(double.Parse(pair[1], CultureInfo.InvariantCulture)))),
        ];
    }

    /// <summary>False: there is a Redis, and it was not told.</summary>
    public async ValueTask<bool> Lift(IPAddress place, LimitKey key)
    {
        if (!redis.IsConfigured)
        {
            return true;
        }

        var reply = await redis.Try(
            static (database, asked) => database.ScriptEvaluateAsync(Scripts.Lift, asked.Keys, asked.Values),
            (Keys: (RedisKey[])[redis.Key($"strikes:{key}"), all],
                Values: (RedisValue[])[place.ToString(), (string)redis.Key(Channel)!]));
        return reply.Ok;
    }

    private static class Scripts
    {
        private const string Time =
            """
            local time = redis.call('TIME')
            local now = time[1] * 1000 + math.floor(time[2] / 1000)

            """;

        /// <summary>ARGV: strikes, window, duration, address, channel, blocks at most.</summary>
        public const string Strike = Time +
            """
            local count = redis.call('INCR', KEYS[1])
            if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
            if count <= tonumber(ARGV[1]) then return 0 end
            redis.call('DEL', KEYS[1])
            redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', string.format('%.0f', now))
            redis.call('ZADD', KEYS[2], string.format('%.0f', now + ARGV[3]), ARGV[4])
            redis.call('ZREMRANGEBYRANK', KEYS[2], 0, -1 - tonumber(ARGV[6]))
            redis.call('PEXPIRE', KEYS[2], ARGV[3])
            redis.call('PUBLISH', ARGV[5], '+ ' .. ARGV[3] .. ' ' .. ARGV[4])
            return tonumber(ARGV[3])
            """;

        public const string All = Time +
            """
            local found = redis.call('ZRANGEBYSCORE', KEYS[1], string.format('(%.0f', now), '+inf', 'WITHSCORES')
            for i = 2, #found, 2 do found[i] = string.format('%.0f', tonumber(found[i]) - now) end
            return found
            """;

        /// <summary>ARGV: address, channel.</summary>
        public const string Lift =
            """
            redis.call('DEL', KEYS[1])
            redis.call('ZREM', KEYS[2], ARGV[1])
            redis.call('PUBLISH', ARGV[2], '- 0 ' .. ARGV[1])
            return 1
            """;
    }
}
