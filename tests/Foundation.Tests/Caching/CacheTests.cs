using System.Diagnostics.Metrics;
using Gatehouse.Foundation.Caching;
using Gatehouse.Testing;

namespace Gatehouse.Foundation.Tests.Caching;

/// <summary>The cache of one process without Redis.</summary>
public sealed class CacheTests : IDisposable
{
    private static readonly CachePolicy Minute = new(TimeSpan.FromMinutes(1));

    private readonly ManualTime time = new();
    private readonly Shop shop = new();
    private readonly Cache cache;

    public CacheTests() => cache = new Cache(new CachingOptions { LoadSeconds = 10 }, time);

    public void Dispose() => cache.Dispose();

    [Fact]
    public async Task Five_hundred_misses_at_once_load_once()
    {
        shop.Door = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = Enumerable.Range(0, 500).Select(_ => Task.Run(() => Get(Minute))).ToArray();
        await Poll.Until(() => shop.Loads > 0, TimeSpan.FromSeconds(5), "a load");
        shop.Door.SetResult();

        Assert.All(await Task.WhenAll(asked), price => Assert.Equal(1, price!.Amount));
        Assert.Equal(1, shop.Loads);
    }

    [Fact]
    public async Task A_value_is_kept_no_longer_than_told_and_a_little_less_at_most()
    {
        await Get(Minute);
        shop.Amount = 2;
        time.Advance(TimeSpan.FromSeconds(53));
        Assert.Equal(1, (await Get(Minute))!.Amount);
        time.Advance(TimeSpan.FromSeconds(7));
        Assert.Equal(2, (await Get(Minute))!.Amount);
    }

    [Fact]
    public async Task A_stale_value_is_answered_while_one_loads_it_anew()
    {
        var policy = Minute with { StaleFor = TimeSpan.FromMinutes(1) };
        await Get(policy);
        shop.Amount = 2;
        shop.Door = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        time.Advance(TimeSpan.FromSeconds(61));

        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(1, (await Get(policy))!.Amount);
        }

        Assert.Equal(2, shop.Loads);
        shop.Door.SetResult();
        await Poll.Until(async () => (await Get(policy))!.Amount == 2, TimeSpan.FromSeconds(5), "the new value");
        Assert.Equal(2, shop.Loads);

        time.Advance(TimeSpan.FromSeconds(121));
        shop.Amount = 3;
        Assert.Equal(3, (await Get(policy))!.Amount);
    }

    [Fact]
    public async Task A_stale_value_outlives_failing_loads_which_are_tried_once_a_second()
    {
        var policy = Minute with { StaleFor = TimeSpan.FromMinutes(1) };
        await Get(policy);
        time.Advance(TimeSpan.FromSeconds(61));
        var failed = 0;
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(1, (await cache.Get("seat", policy, PriceJson.Default.Price, Fail, default))!.Amount);
        }

        Assert.Equal(1, failed);
        time.Advance(TimeSpan.FromSeconds(1));
        await cache.Get("seat", policy, PriceJson.Default.Price, Fail, default);
        Assert.Equal(2, failed);

        ValueTask<Price?> Fail(CancellationToken cancellation)
        {
            failed++;
            throw new InvalidOperationException("closed");
        }
    }

    [Fact]
    public async Task A_failed_load_fails_all_who_waited_and_the_next_tries_again()
    {
        var door = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var tries = 0;
        var asked = Enumerable.Range(0, 20).Select(_ => cache.Get(
            "seat", Minute, PriceJson.Default.Price, Fail, default).AsTask()).ToArray();
        door.SetResult();
        foreach (var one in asked)
        {
            Assert.Equal("closed", (await Assert.ThrowsAsync<InvalidOperationException>(() => one)).Message);
        }

        Assert.Equal(1, tries);
        Assert.Equal(1, (await Get(Minute))!.Amount);

        async ValueTask<Price?> Fail(CancellationToken cancellation)
        {
            tries++;
            await door.Task;
            throw new InvalidOperationException("closed");
        }
    }

    [Fact]
    public async Task Who_leaves_does_not_take_the_load_from_those_who_wait()
    {
        shop.Door = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var leaving = new CancellationTokenSource();
        var first = cache.Get("seat", Minute, PriceJson.Default.Price, shop.Load, leaving.Token).AsTask();
        var second = Get(Minute);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.False(second.IsCompleted);

        shop.Door.SetResult();

        Assert.Equal(1, (await second)!.Amount);
        Assert.Equal(1, shop.Loads);
    }

    [Fact]
    public async Task A_load_that_hangs_is_given_up_and_the_next_tries_again()
    {
        shop.Door = new TaskCompletionSource();
        var hung = Get(Minute);
        time.Advance(TimeSpan.FromSeconds(10));
        await Assert.ThrowsAsync<TimeoutException>(() => hung);

        shop.Door = null;
        Assert.Equal(1, (await Get(Minute))!.Amount);
    }

    [Fact]
    public async Task Nothing_is_a_value_too()
    {
        var loads = 0;
        for (var i = 0; i < 3; i++)
        {
            Assert.Null(await cache.Get("gone", Minute, PriceJson.Default.Price, Nothing, default));
        }

        Assert.Equal(1, loads);

        ValueTask<Price?> Nothing(CancellationToken cancellation)
        {
            loads++;
            return default;
        }
    }

    [Fact]
    public async Task What_is_invalidated_during_its_load_is_answered_to_who_waits_and_not_kept()
    {
        var policy = Minute with { Tags = ["prices"] };
        foreach (var forget in new Func<ValueTask>[] { () => cache.Invalidate("prices"), () => cache.Remove("seat") })
        {
            shop.Door = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var old = Get(policy);
            var before = shop.Amount++;
            await forget();
            var next = Get(policy);
            shop.Door.SetResult();

            Assert.Equal(before, (await old)!.Amount);
            Assert.Equal(shop.Amount, (await next)!.Amount);
            Assert.Equal(shop.Amount, (await Get(policy))!.Amount);
            await forget();
        }
    }

    [Fact]
    public async Task A_tag_takes_what_bears_it_and_nothing_else()
    {
        await Get(Minute with { Tags = ["a", "b"] }, "1");
        await Get(Minute with { Tags = ["b"] }, "2");
        await Get(Minute, "3");

        await cache.Invalidate("a");

        Assert.Null(cache.Memory.Find("1"));
        Assert.NotNull(cache.Memory.Find("2"));
        await cache.Invalidate("b");
        Assert.Equal(1, cache.Memory.Count);
    }

    [Fact]
    public async Task A_key_of_any_length_and_a_value_too_long_to_keep_do_no_harm()
    {
        using var small = new Cache(new CachingOptions { ValueBytesMax = 100 }, time);
        var loads = 0;
        for (var i = 0; i < 2; i++)
        {
            var text = await small.Get(new string('k', 100_000), Minute, PriceJson.Default.String, Long, default);
            Assert.Equal(200, text.Length);
        }

        Assert.Equal(2, loads);
        await Get(Minute, new string('k', 100_000));
        await Get(Minute, new string('k', 100_000));
        Assert.Equal(1, shop.Loads);

        ValueTask<string> Long(CancellationToken cancellation)
        {
            loads++;
            return new(new string('x', 200));
        }
    }

    [Fact]
    public async Task Lapsed_entries_are_swept_every_thirty_seconds()
    {
        await Get(new CachePolicy(TimeSpan.FromSeconds(20)), "short");
        await Get(Minute, "long");
        Assert.Equal(2, cache.Memory.Count);

        time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(1, cache.Memory.Count);
        Assert.NotNull(cache.Memory.Find("long"));
    }

    [Fact]
    public async Task A_hit_allocates_nothing()
    {
        Func<CancellationToken, ValueTask<Price?>> load = shop.Load;
        await cache.Get("seat", Minute, PriceJson.Default.Price, load, default);
        await cache.Get("seat", Minute, PriceJson.Default.Price, load, default);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            var hit = cache.Get("seat", Minute, PriceJson.Default.Price, load, default);
            Assert.True(hit.IsCompletedSuccessfully);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000);
    }

    [Fact]
    public async Task Hits_misses_and_prevented_stampedes_are_counted()
    {
        var mine = new AsyncLocal<bool> { Value = true };
        var counts = new Dictionary<string, long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, to) =>
            {
                if (instrument.Name.StartsWith("gatehouse.cache.", StringComparison.Ordinal))
                {
                    to.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, count, _, _) =>
        {
            // Other tests count too.
            if (mine.Value)
            {
                counts[instrument.Name] = counts.GetValueOrDefault(instrument.Name) + count;
            }
        });
        listener.Start();

        shop.Door = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = new[] { Get(Minute), Get(Minute), Get(Minute) };
        shop.Door.SetResult();
        await Task.WhenAll(asked);
        await Get(Minute);

        Assert.Equal(
            [("gatehouse.cache.hits", 1L), ("gatehouse.cache.misses", 1L), ("gatehouse.cache.stampedes_prevented", 2L)],
            counts.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => (c.Key, c.Value)));
    }

    private Task<Price?> Get(CachePolicy policy, string key = "seat") =>
        cache.Get(key, policy, PriceJson.Default.Price, shop.Load, CancellationToken.None).AsTask();
}
