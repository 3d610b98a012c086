using Gatehouse.Foundation.Limits;
using Gatehouse.Foundation.Redis;
using Gatehouse.Foundation.Resilience;
using Gatehouse.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gatehouse.Bench.Limits;

/// <summary>What one instance decides limits with: a connection, a table and a breaker of its own.</summary>
internal sealed class LimitInstance : IAsyncDisposable
{
    private static readonly TimeProvider Clock = TimeProvider.System;

    private readonly RedisConnection redis;
    private readonly Instances instances;
    private readonly RateLimits limits;

    private LimitInstance(RedisServer server, string prefix)
    {
        var options = new LimitsOptions();
        redis = new RedisConnection(
            new RedisOptions { Connection = server.Connection, Prefix = prefix },
            new Dependencies(new ResilienceOptions(), Clock, NullLogger<Dependencies>.Instance),
            Clock,
            NullLogger<RedisConnection>.Instance);
        instances = new Instances(redis, options, Clock);
        limits = new RateLimits(options, [], redis, instances, Clock);
    }

    public bool IsUp => redis.IsUp;

    /// <summary>So many, connected, each of which knows of all.</summary>
    public static async Task<IReadOnlyList<LimitInstance>> Start(RedisServer server, int count)
    {
        var prefix = $"{Guid.NewGuid():N}:";
        List<LimitInstance> all = [.. Enumerable.Range(0, count).Select(_ => new LimitInstance(server, prefix))];
        all.ForEach(one => one.redis.Start());
        await Poll.Until(() => all.TrueForAll(one => one.IsUp), TimeSpan.FromSeconds(10), "Redis to be connected");
        foreach (var one in all.Concat(all))
        {
            await one.instances.Register();
        }

        return all;
    }

    public async ValueTask<bool> Allows(LimitPolicy policy, LimitKey key) =>
        (await limits.Spend(policy, key, CancellationToken.None)).Allowed;

    public async ValueTask DisposeAsync()
    {
        limits.Dispose();
        instances.Dispose();
        await redis.DisposeAsync();
    }
}
