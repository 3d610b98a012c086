using System.Text.Json.Serialization;
using Gatehouse.Foundation.Caching;
using Gatehouse.Foundation.Redis;
using Gatehouse.Foundation.Tests.Resilience;
using Gatehouse.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gatehouse.Foundation.Tests.Caching;

internal sealed record Price(string Name, long Amount);

[JsonSerializable(typeof(Price))]
[JsonSerializable(typeof(string))]
internal sealed partial class PriceJson : JsonSerializerContext;

/// <summary>What is cached in these tests: a number that may change, and how often it was loaded.</summary>
internal sealed class Shop
{
    private long amount = 1;
    private int loads;

    public int Loads => loads;

    public long Amount
    {
        get => Volatile.Read(ref amount);
        set => Volatile.Write(ref amount, value);
    }

    /// <summary>Loads wait for it.</summary>
    public TaskCompletionSource? Door { get; set; }

    public async ValueTask<Price?> Load(CancellationToken cancellation)
    {
        Interlocked.Increment(ref loads);
        var read = Amount;
        if (Door is { } door)
        {
            await door.Task;
        }

        return new Price("seat", read);
    }
}

/// <summary>An instance: a cache with its own connection to the Redis of all.</summary>
internal sealed class Instance(RedisConnection redis, Cache cache) : IAsyncDisposable
{
    public Cache Cache => cache;

    public RedisConnection Redis => redis;

    public static async Task<Instance> Start(
        RedisServer server, string prefix, CachingOptions? options = null, int timeoutMs = 500)
    {
        var redis = new RedisConnection(
            new RedisOptions { Connection = server.Connection, Prefix = prefix, TimeoutMs = timeoutMs },
            Breakers.OfOne(),
            TimeProvider.System,
            NullLogger<RedisConnection>.Instance);
        var cache = new Cache(options ?? new CachingOptions(), TimeProvider.System, new RedisStore(redis));
        redis.Start();
        await Poll.Until(() => redis.IsUp, TimeSpan.FromSeconds(10), "Redis to be connected");
        return new Instance(redis, cache);
    }

    public async Task<long> Price(Shop shop, CachePolicy policy, string key = "seat") =>
        (await cache.Get(key, policy, PriceJson.Default.Price, shop.Load, CancellationToken.None))!.Amount;

    public async ValueTask DisposeAsync()
    {
        cache.Dispose();
        await redis.DisposeAsync();
    }
}
