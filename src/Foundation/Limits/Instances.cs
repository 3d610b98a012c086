using System.Globalization;
using Gatehouse.Foundation.Redis;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace Gatehouse.Foundation.Limits;

/// <summary>
/// How many instances there are: each tells Redis every few seconds that it lives, and is told how many do. Without
/// Redis the last answer stands.
/// </summary>
internal sealed class Instances : BackgroundService
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(10);

    private readonly RedisConnection redis;
    private readonly TimeProvider time;
    private readonly int least;
    private readonly RedisValue me = Random.Shared.NextInt64().ToString("x16", CultureInfo.InvariantCulture);
    private volatile int count;

    public Instances(RedisConnection redis, LimitsOptions options, TimeProvider time)
    {
        this.redis = redis;
        this.time = time;
        least = options.InstancesAssumed;
        count = least;
    }

    /// <summary>At least as many as the settings assume.</summary>
    public int Count => count;

    /// <summary>Says that this one lives, and counts.</summary>
    public async Task Register()
    {
        var reply = await redis.Try(
            static (database, asked) => database.ScriptEvaluateAsync(Scripts.Beat, asked.Keys, asked.Values),
            (Keys: (RedisKey[])[redis.Key("instances")],
                Values: (RedisValue[])[me, (long)Life.TotalMilliseconds]));
        if (reply.Ok)
        {
            // Others that have just started are not counted yet: the setting knows better than Redis then.
            count = Math.Max(least, (int)reply.Value);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (redis.IsUp)
        {
            await redis.Try(
                static (database, asked) => database.SortedSetRemoveAsync(asked.Key, asked.me),
                (Key: redis.Key("instances"), me));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!redis.IsConfigured)
        {
            return;
        }

        using var beat = new PeriodicTimer(Beat, time);
        redis.WhenRestored(() => _ = Register());
        do
        {
            if (redis.IsUp)
            {
                await Register();
            }
        }
        while (await beat.WaitForNextTickAsync(stoppingToken));
    }

    private static class Scripts
    {
        /// <summary>KEYS: who lives, by when last heard. ARGV: this one, milliseconds until one is gone.</summary>
        public const string Beat =
            """
            local time = redis.call('TIME')
            local now = time[1] * 1000 + math.floor(time[2] / 1000)
            redis.call('ZADD', KEYS[1], string.format('%.0f', now), ARGV[1])
            redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now - ARGV[2]))
            redis.call('PEXPIRE', KEYS[1], ARGV[2])
            return redis.call('ZCARD', KEYS[1])
            """;
    }
}
