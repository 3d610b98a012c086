using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Foundation.Redis;
using StackExchange.Redis;

namespace Gatehouse.Foundation.Limits;

/// <summary>
/// The algorithms of <see cref="LimitRules"/> in Redis: one script a decision, one key, the clock of Redis, so that
/// clocks of instances do not matter. A key lapses when it says nothing any more; a refusal writes nothing.
/// </summary>
internal sealed class RedisLimits(RedisConnection redis)
{
    private static readonly Script FixedWindow = new(Scripts.Time + Scripts.FixedWindow);
    private static readonly Script SlidingWindow = new(Scripts.Time + Scripts.SlidingWindow);
    private static readonly Script TokenBucket = new(Scripts.Time + Scripts.TokenBucket);
    private static readonly Script Return = new(Scripts.GiveBack);

    /// <summary>Null when Redis did not decide in time.</summary>
    public async ValueTask<Decision?> Spend(LimitPolicy policy, LimitKey key)
    {
        var (script, arguments) = policy.Algorithm switch
        {
            LimitAlgorithm.FixedWindow =>
                (FixedWindow, (RedisValue[])[policy.Permits, policy.WindowMicroseconds]),
            LimitAlgorithm.SlidingWindow =>
                (SlidingWindow, (RedisValue[])[policy.Permits, policy.WindowMicroseconds]),
            _ => (TokenBucket, (RedisValue[])[policy.Burst, policy.IntervalOf(instances: 1)]),
        };
        var reply = await redis.Try(
            static (database, asked) => asked.script.Run(database, asked.Keys, asked.arguments),
            (script, Keys: (RedisKey[])[redis.Key($"limit:{policy.Name}:{key}")], arguments));
        if (!reply.Ok)
        {
            return null;
        }

        var answer = (long[])reply.Value!;
        return Decision.Of(policy, answer[0] == 1, Math.Max(0, answer[1]), answer[2], answer[3]) with
        {
            Mark = answer.Length > 4 ? answer[4] : 0,
            Shared = true,
        };
    }

    public async ValueTask GiveBack(LimitPolicy policy, LimitKey key, long mark) => await redis.Try(
        static (database, asked) => Return.Run(database, asked.Keys, asked.Values),
        (Keys: (RedisKey[])[redis.Key($"limit:{policy.Name}:{key}")], Values: (RedisValue[])[mark]));

    /// <summary>Sent by its hash; in full only where Redis does not know it, as after a restart.</summary>
    private sealed class Script(string text)
    {
        [SuppressMessage("Security", "CA5350", Justification = "Redis names scripts by their SHA-1.")]
        private readonly byte[] hash = SHA1.HashData(Encoding.UTF8.GetBytes(text));

        public async Task<RedisResult> Run(IDatabase database, RedisKey[] keys, RedisValue[] arguments)
        {
            try
            {
                return await database.ScriptEvaluateAsync(hash, keys, arguments);
            }
            catch (RedisServerException unknown) when (
                unknown.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
            {
                return await database.ScriptEvaluateAsync(text, keys, arguments);
            }
        }
    }

    /// <summary>
    /// Numbers are written with %.0f: Lua's own way keeps 14 digits, and the time in microseconds has 16.
    /// Each answers allowed (1 or 0), left, microseconds to the reset, microseconds to a retry; a fixed window also
    /// when it ends.
    /// </summary>
    internal static class Scripts
    {
        public const string Time =
            """
            local time = redis.call('TIME')
            local now = time[1] * 1000000 + time[2]

            """;

        /// <summary>ARGV: permits, window.</summary>
        public const string FixedWindow =
            """
            local permits, window = tonumber(ARGV[1]), tonumber(ARGV[2])
            local mark, count = string.match(redis.call('GET', KEYS[1]) or '', '^(%d+) (%d+)$')
            mark, count = tonumber(mark or 0), tonumber(count or 0)
            if now >= mark then mark, count = now + window, 0 end
            if count >= permits then return {0, 0, mark - now, mark - now, mark} end
            count = count + 1
            redis.call('SET', KEYS[1], string.format('%.0f %.0f', mark, count), 'PX', math.ceil((mark - now) / 1000))
            return {1, permits - count, mark - now, 0, mark}
            """;

        /// <summary>ARGV: when the window ends that it was spent in. The time to live stays.</summary>
        public const string GiveBack =
            """
            local mark, count = string.match(redis.call('GET', KEYS[1]) or '', '^(%d+) (%d+)$')
            if mark ~= ARGV[1] or tonumber(count) == 0 then return 0 end
            redis.call('SET', KEYS[1], string.format('%s %.0f', mark, count - 1), 'KEEPTTL')
            return 1
            """;

        /// <summary>ARGV: permits, window.</summary>
        public const string SlidingWindow =
            """
            local permits, window = tonumber(ARGV[1]), tonumber(ARGV[2])
            local number, elapsed = math.floor(now / window), now % window
            local mark, count, before = string.match(redis.call('GET', KEYS[1]) or '', '^(%d+) (%d+) (%d+)$')
            mark, count, before = tonumber(mark or 0), tonumber(count or 0), tonumber(before or 0)
            if number ~= mark then
              before = (number == mark + 1) and count or 0
              count = 0
            end
            local free = (permits - count) * window - before * (window - elapsed)
            if free < window then
              local wait
              if count < permits then
                wait = window - math.floor((permits - count - 1) * window / before) - elapsed
              else
                wait = window - elapsed + window - math.floor((permits - 1) * window / count)
              end
              return {0, 0, window - elapsed, wait}
            end
            count = count + 1
            redis.call('SET', KEYS[1], string.format('%.0f %.0f %.0f', number, count, before),
              'PX', math.ceil((2 * window - elapsed) / 1000))
            return {1, math.floor(free / window) - 1, window - elapsed, 0}
            """;

        /// <summary>ARGV: burst, interval.</summary>
        public const string TokenBucket =
            """
            local burst, interval = tonumber(ARGV[1]), tonumber(ARGV[2])
            local full = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now)
            local early = full + interval - burst * interval - now
            if early > 0 then return {0, 0, full - now, early} end
            full = full + interval
            redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000))
            return {1, math.floor((burst * interval - (full - now)) / interval), full - now, 0}
            """;
    }
}
