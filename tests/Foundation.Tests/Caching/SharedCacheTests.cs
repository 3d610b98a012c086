using System.Diagnostics;
using System.Globalization;
using Gatehouse.Foundation.Caching;
using Gatehouse.Testing;

namespace Gatehouse.Foundation.Tests.Caching;

/// <summary>Two instances on one Redis.</summary>
public sealed class SharedCacheTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);
    private static readonly CachePolicy Prices = new(TimeSpan.FromMinutes(1)) { Tags = ["prices"] };

    private readonly string prefix = $"{Guid.NewGuid():N}:";
    private readonly Shop shop = new();

    [Fact]
    public async Task Five_hundred_misses_on_two_instances_load_once()
    {
        await using var one = await Instance.Start(RedisServer.Shared, prefix);
        await using var other = await Instance.Start(RedisServer.Shared, prefix);
        shop.Door = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = Enumerable.Range(0, 500)
            .Select(i => Task.Run(() => (i % 2 == 0 ? one : other).Price(shop, Prices))).ToArray();
        await Poll.Until(() => shop.Loads > 0, Soon, "a load");
        shop.Door.SetResult();

        Assert.All(await Task.WhenAll(asked), price => Assert.Equal(1, price));
        Assert.Equal(1, shop.Loads);
    }

    [Fact]
    public async Task The_lock_of_a_holder_that_died_is_waited_for_only_briefly()
    {
        await using var one = await Instance.Start(RedisServer.Shared, prefix);
        await using var dying = await Instance.Start(RedisServer.Shared, prefix);
        Assert.NotNull((await new RedisStore(dying.Redis).Lock("seat", Prices.Tags)).Value);

        var watch = Stopwatch.StartNew();
        Assert.Equal(1, await one.Price(shop, Prices));

        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(1), RedisStore.LockLife + TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task A_tag_or_a_key_forgotten_here_is_forgotten_there()
    {
        await using var one = await Instance.Start(RedisServer.Shared, prefix);
        await using var other = await Instance.Start(RedisServer.Shared, prefix);
        await Poll.Until(() => RedisServer.Shared.Type($"PUBLISH {prefix}invalidations x") == ":2", Soon, "listeners");
        foreach (var forget in new Func<ValueTask>[]
        {
            () => one.Cache.Invalidate("prices"), () => one.Cache.Remove("seat"),
        })
        {
            Assert.Equal(shop.Amount, await one.Price(shop, Prices));
            Assert.Equal(shop.Amount, await other.Price(shop, Prices));
            shop.Amount++;
            await forget();
            Assert.Equal(shop.Amount, await one.Price(shop, Prices));
            await Poll.Until(
                async () => await other.Price(shop, Prices) == shop.Amount, TimeSpan.FromSeconds(2), "the new price");
        }
    }

    [Fact]
    public async Task Without_the_message_a_change_is_seen_when_memory_is_no_longer_believed()
    {
        await using var one = await Instance.Start(
            RedisServer.Shared, prefix, new CachingOptions { LocalSeconds = 1 });
        Assert.Equal(1, await one.Price(shop, Prices));
        shop.Amount = 2;
        // As another instance would, but telling nobody.
        RedisServer.Shared.Type($"SET {prefix}tag:prices 12345678");
        Assert.Equal(1, await one.Price(shop, Prices));

        await Poll.Until(async () => await one.Price(shop, Prices) == 2, TimeSpan.FromSeconds(3), "the new price");
    }

    [Fact]
    public async Task What_was_loaded_before_an_invalidation_and_written_after_it_is_not_believed()
    {
        await using var slow = await Instance.Start(RedisServer.Shared, prefix);
        await using var other = await Instance.Start(RedisServer.Shared, prefix);
        foreach (var forget in new Func<ValueTask>[]
        {
            () => other.Cache.Invalidate("prices"), () => other.Cache.Remove("seat"),
        })
        {
            var (before, loads) = (shop.Amount, shop.Loads);
            shop.Door = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var old = slow.Price(shop, Prices);
            await Poll.Until(() => shop.Loads > loads, Soon, "the load");
            shop.Amount++;
            await forget();
            shop.Door.SetResult();
            shop.Door = null;

            Assert.Equal(before, await old);
            Assert.Equal(shop.Amount, await other.Price(shop, Prices));
            await forget();
        }
    }

    [Fact]
    public async Task Stale_in_Redis_it_is_answered_by_both_and_loaded_by_one()
    {
        var policy = new CachePolicy(TimeSpan.FromMilliseconds(300)) { StaleFor = TimeSpan.FromMinutes(1) };
        await using var one = await Instance.Start(RedisServer.Shared, prefix);
        await using var other = await Instance.Start(RedisServer.Shared, prefix);
        Assert.Equal(1, await one.Price(shop, policy));
        shop.Amount = 2;
        await Poll.Until(
            () => long.Parse(RedisServer.Shared.Type($"PTTL {prefix}cache:seat")[1..], CultureInfo.InvariantCulture)
                < policy.StaleFor.TotalMilliseconds,
            Soon,
            "the price to be stale");
        shop.Door = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        Assert.Equal(1, await one.Price(shop, policy));
        await Poll.Until(() => shop.Loads == 2, Soon, "the load");
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(1, await other.Price(shop, policy));
        }

        Assert.Equal(2, shop.Loads);
        shop.Door.SetResult();
        await Poll.Until(async () => await one.Price(shop, policy) == 2, Soon, "the new price");
    }

    [Fact]
    public async Task Redis_killed_hung_and_back_is_a_miss_at_worst_and_forgets_nothing_it_was_told_meanwhile()
    {
        using var server = RedisServer.Start();
        await using var one = await Instance.Start(server, prefix, timeoutMs: 50);
        await using var other = await Instance.Start(server, prefix, timeoutMs: 50);
        Assert.Equal(1, await one.Price(shop, Prices));
        Assert.Equal(1, await other.Price(shop, Prices));

        server.Pause();
        shop.Amount = 2;
        var watch = Stopwatch.StartNew();
        await one.Cache.Invalidate("prices");
        Assert.Equal(2, await one.Price(shop, Prices));
        Assert.True(watch.ElapsedMilliseconds < 1_000, $"It took {watch.ElapsedMilliseconds} ms.");

        // Redis still has the old price, and the other instance too: both are put right.
        server.Resume();
        await Poll.Until(
            async () => await other.Price(shop, Prices) == 2, TimeSpan.FromSeconds(7), "the new price elsewhere");
        Assert.Equal(2, await one.Price(shop, Prices));

        server.Kill();
        shop.Amount = 3;
        await one.Cache.Invalidate("prices");
        Assert.Equal(3, await one.Price(shop, Prices));
        server.Restart();
        await Poll.Until(() => one.Redis.IsUp && other.Redis.IsUp, Soon, "Redis to be back");
        await Poll.Until(async () => await other.Price(shop, Prices) == 3, Soon, "the new price elsewhere");
    }

    [Fact]
    public async Task What_another_version_wrote_is_loaded_anew()
    {
        await using var one = await Instance.Start(RedisServer.Shared, prefix);
        await one.Price(shop, Prices);
        await one.Cache.Remove("seat");
        RedisServer.Shared.Type($"SET {prefix}cache:seat rubbish");

        Assert.Equal(1, await one.Price(shop, Prices));
    }
}
