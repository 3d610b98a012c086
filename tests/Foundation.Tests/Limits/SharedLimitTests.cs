using System.Collections.Concurrent;
using System.Diagnostics;
using Gatehouse.Foundation.Limits;
using Gatehouse.Foundation.Redis;
using Gatehouse.Foundation.Tests.Resilience;
using Gatehouse.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gatehouse.Foundation.Tests.Limits;

/// <summary>Four instances, each with its own connection, on one Redis.</summary>
public sealed class SharedLimitTests(ITestOutputHelper output)
{
    private const int Count = 4;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);
    private static readonly LimitPolicy Bucket =
        new("bucket", LimitBy.Key, LimitAlgorithm.TokenBucket, 100, Window, burst: 50);

    [Fact]
    public async Task Together_they_admit_no_more_than_the_limit_in_any_window()
    {
        await using var four = await Four.Start(RedisServer.Shared, timeoutMs: 2_000);
        var load = await four.Load("all", TimeSpan.FromSeconds(3));

        Tell("together", load);
        Assert.InRange(load.Fullest, Bucket.Permits / 2, Bucket.Permits + 1);
        // Not fewer either: the burst, and then as fast as they come back.
        Assert.InRange(load.Admitted.Count, 50 + (2 * 50), 50 + (4 * 50));
    }

    [Fact]
    public async Task Redis_killed_in_the_middle_each_admits_its_part_and_then_they_count_together_again()
    {
        using var server = RedisServer.Start();
        await using var four = await Four.Start(server, timeoutMs: 50);
        var killed = await four.Load("killed", TimeSpan.FromSeconds(3), midway: server.Kill);
        Tell("killed midway", killed);
        // Once more than the limit at the change: what Redis had counted is lost.
        Assert.InRange(killed.Fullest, Bucket.Permits / 2, (2 * Bucket.Permits) + 1);
        Assert.True(killed.Percentile(0.99) < 60, $"p99 was {killed.Percentile(0.99)} ms.");

        var apart = await four.Load("apart", TimeSpan.FromSeconds(2));
        Tell("without Redis", apart);
        Assert.InRange(apart.Fullest, Bucket.Permits / 2, Bucket.Permits + 1);

        server.Restart();
        await Poll.Until(() => four.AllUp, Soon, "Redis to be back");
        var back = await four.Load("back", TimeSpan.FromSeconds(2));
        Tell("back", back);
        Assert.InRange(back.Fullest, Bucket.Permits / 2, Bucket.Permits + 1);
        Assert.Equal(":1", server.Type($"EXISTS {four.Prefix}limit:{Bucket.Name}:{LimitKey.Of("back")}"));
    }

    [Fact]
    public async Task A_script_that_Redis_forgot_is_sent_again_and_the_decision_is_its_own()
    {
        using var server = RedisServer.Start();
        await using var four = await Four.Start(server, timeoutMs: 2_000);
        foreach (var algorithm in Enum.GetValues<LimitAlgorithm>())
        {
            var policy = new LimitPolicy("forgotten", LimitBy.Key, algorithm, 10, TimeSpan.FromMinutes(1), 5);
            var key = LimitKey.Of($"{algorithm}");
            var first = await four.Limits[0].Spend(policy, key, default);
            server.Type("SCRIPT FLUSH");
            var second = await four.Limits[1].Spend(policy, key, default);

            Assert.Equal(first.Left - 1, second.Left);
        }
    }

    [Fact]
    public async Task Instances_are_counted_and_the_last_count_outlives_Redis()
    {
        using var server = RedisServer.Start();
        await using var four = await Four.Start(server, timeoutMs: 50);
        Assert.All(four.Instances, instances => Assert.Equal(Count, instances.Count));

        server.Kill();
        await four.Register();

        Assert.All(four.Instances, instances => Assert.Equal(Count, instances.Count));
    }

    private void Tell(string when, Load load) => output.WriteLine(
        $"{when}: {load.Took.Count} decisions, {load.Admitted.Count} admitted, {load.Fullest} in the fullest second; " +
        $"p50 {load.Percentile(0.5):F2} ms, p99 {load.Percentile(0.99):F2} ms, longest {load.Percentile(1):F1} ms");

    /// <param name="Admitted">When each was asked for and when it was heard, in ticks of the stopwatch.</param>
    /// <param name="Took">How long each decision took, ordered.</param>
    private sealed record Load(IReadOnlyList<(long Asked, long Heard)> Admitted, IReadOnlyList<long> Took)
    {
        public int Fullest { get; } = TimeWindows.Fullest(Admitted, (long)(Window.TotalSeconds * Stopwatch.Frequency));

        public double Percentile(double part) =>
            Stopwatch.GetElapsedTime(0, Took[(int)((Took.Count - 1) * part)]).TotalMilliseconds;
    }

    private sealed class Four(
        string prefix, RedisConnection[] connections, Instances[] instances, RateLimits[] limits) : IAsyncDisposable
    {
        public string Prefix => prefix;

        public RateLimits[] Limits => limits;

        public Instances[] Instances => instances;

        public bool AllUp => connections.All(redis => redis.IsUp);

        public static async Task<Four> Start(RedisServer server, int timeoutMs)
        {
            var options = new RedisOptions
            {
                Connection = server.Connection,
                Prefix = $"{Guid.NewGuid():N}:",
                TimeoutMs = timeoutMs,
            };
            var limits = new LimitsOptions();
            RedisConnection[] connections =
            [
                .. Enumerable.Range(0, Count).Select(_ => new RedisConnection(
                    options, Breakers.OfOne(), TimeProvider.System, NullLogger<RedisConnection>.Instance)),
            ];
            Instances[] instances =
                [.. connections.Select(redis => new Instances(redis, limits, TimeProvider.System))];
            var four = new Four(
                options.Prefix,
                connections,
                instances,
                [
                    .. connections.Zip(instances).Select(one =>
                        new RateLimits(limits, [], one.First, one.Second, TimeProvider.System)),
                ]);
            Array.ForEach(connections, redis => redis.Start());
            await Poll.Until(() => four.AllUp, Soon, "Redis to be connected");
            // The first round counts those before, the second all.
            await four.Register();
            await four.Register();
            return four;
        }

        public async Task Register()
        {
            foreach (var one in instances)
            {
                await one.Register();
            }
        }

        /// <summary>All four, four at a time each, until the time is over.</summary>
        public async Task<Load> Load(string key, TimeSpan duration, Action? midway = null)
        {
            var (admitted, took) = (new ConcurrentBag<(long, long)>(), new ConcurrentBag<long>());
            var started = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, 4 * Count).Select(worker => Task.Run(async () =>
            {
                while (Stopwatch.GetElapsedTime(started) is var elapsed && elapsed < duration)
                {
                    if (elapsed > duration / 2 && Interlocked.Exchange(ref midway, null) is { } act)
                    {
                        // It waits, and the threads of the pool are what answers arrive on.
                        new Thread(() => act()).Start();
                    }

                    var asked = Stopwatch.GetTimestamp();
                    var decision = await limits[worker % Count].Spend(Bucket, LimitKey.Of(key), default);
                    var heard = Stopwatch.GetTimestamp();
                    took.Add(heard - asked);
                    if (decision.Allowed)
                    {
                        admitted.Add((asked, heard));
                    }

                    // The pace of sixteen clients, so that other tests have the processor too.
                    await Task.Delay(1);
                }
            })));
            return new Load([.. admitted], [.. took.Order()]);
        }

        public async ValueTask DisposeAsync()
        {
            for (var i = 0; i < Count; i++)
            {
                limits[i].Dispose();
                instances[i].Dispose();
                await connections[i].DisposeAsync();
            }
        }
    }
}
