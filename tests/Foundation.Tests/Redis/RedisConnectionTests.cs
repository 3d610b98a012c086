using System.Diagnostics;
using Gatehouse.Foundation.Redis;
using Gatehouse.Foundation.Resilience;
using Gatehouse.Foundation.Tests.Resilience;
using Gatehouse.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gatehouse.Foundation.Tests.Redis;

public sealed class RedisConnectionTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Absent_at_the_start_it_costs_nothing_and_serves_once_it_is_there()
    {
        using var server = RedisServer.Start();
        server.Kill();
        await using var redis = To(server);

        var watch = Stopwatch.StartNew();
        redis.Start();
        for (var i = 0; i < 1000; i++)
        {
            Assert.False((await Increment(redis)).Ok);
        }

        Assert.True(watch.ElapsedMilliseconds < 500, $"1000 calls without Redis took {watch.ElapsedMilliseconds} ms.");
        server.Restart();
        await Poll.Until(() => redis.IsUp, Soon, "Redis to be found");
        Assert.Equal(1, (await Increment(redis)).Value);
    }

    [Fact]
    public async Task Killed_and_started_again_it_is_back_and_scripts_and_subscriptions_with_it()
    {
        using var server = RedisServer.Start();
        await using var redis = To(server);
        var (heard, restored) = (0, 0);
        redis.Subscribe("news", _ => Interlocked.Increment(ref heard));
        redis.WhenRestored(() => Interlocked.Increment(ref restored));
        redis.Start();
        await Poll.Until(() => redis.IsUp, Soon, "Redis to be connected");
        Assert.Equal(7, await Seven(redis));
        var before = restored;

        server.Kill();
        await Poll.Until(async () => !(await Increment(redis)).Ok && !redis.IsUp, Soon, "the loss to be noticed");
        server.Restart();
        await Poll.Until(() => redis.IsUp, Soon, "Redis to be back");

        Assert.True(restored > before);
        Assert.Equal(7, await Seven(redis));
        Assert.StartsWith("+OK", server.Type("SCRIPT FLUSH"), StringComparison.Ordinal);
        await Poll.Until(async () => await Seven(redis) == 7, Soon, "a forgotten script to be sent again");
        await Poll.Until(
            () => server.Type("PUBLISH test:news x") == ":1" && Volatile.Read(ref heard) > 0, Soon, "news to be heard");
    }

    [Fact]
    public async Task While_it_hangs_a_few_calls_wait_their_time_and_the_others_none()
    {
        using var server = RedisServer.Start();
        await using var redis = To(server);
        redis.Start();
        await Poll.Until(async () => (await Increment(redis)).Ok, Soon, "Redis to be connected");

        server.Pause();
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 1000; i++)
        {
            Assert.False((await Increment(redis)).Ok);
        }

        Assert.True(watch.ElapsedMilliseconds < 1500, $"1000 calls took {watch.ElapsedMilliseconds} ms.");
        server.Resume();
        await Poll.Until(async () => (await Increment(redis)).Ok, Soon, "Redis to be back");
    }

    [Fact]
    public async Task It_has_a_breaker_that_opens_by_itself_and_that_can_be_forced()
    {
        using var server = RedisServer.Start();
        var breakers = Breakers.OfOne();
        await using var redis = To(server, breakers);
        redis.Start();
        await Poll.Until(() => redis.IsUp, Soon, "Redis to be connected");
        var breaker = Assert.IsType<Dependency>(breakers.Find("redis"));

        breaker.Force(BreakerForce.Open);
        Assert.False((await Increment(redis)).Ok);
        breaker.Force(BreakerForce.None);
        Assert.True((await Increment(redis)).Ok);

        server.Pause();
        await Poll.Until(async () => !(await Increment(redis)).Ok && breaker.IsOpen, Soon, "the breaker to open");
        Assert.Equal("open", Assert.Contains("redis", breakers.NotClosed()!));
        server.Resume();
        await Poll.Until(async () => (await Increment(redis)).Ok, Soon, "Redis to be back");
        Assert.Null(breakers.NotClosed());
    }

    private static RedisConnection To(RedisServer server, Dependencies? breakers = null) => new(
        new RedisOptions { Connection = server.Connection, Prefix = "test:", TimeoutMs = 100 },
        breakers ?? Breakers.OfOne(),
        TimeProvider.System,
        NullLogger<RedisConnection>.Instance);

    private static ValueTask<RedisReply<long>> Increment(RedisConnection redis) =>
        redis.Try(static (database, key) => database.StringIncrementAsync(key), redis.Key("n"));

    private static async Task<int> Seven(RedisConnection redis) =>
        (await redis.Try(static (database, script) => database.ScriptEvaluateAsync(script), "return 7"))
        is { Ok: true, Value: var seven } ? (int)seven : 0;
}
