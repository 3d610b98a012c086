using Gatehouse.Foundation.Limits;
using Gatehouse.Foundation.Redis;
using Gatehouse.Foundation.Tests.Resilience;
using Gatehouse.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gatehouse.Foundation.Tests.Limits;

/// <summary>Permits that are taken back because what they were spent on does not count.</summary>
public sealed class GiveBackTests
{
    private static readonly LimitKey Key = LimitKey.Of("key");
    private readonly LimitPolicy three = new(
        $"three-{Guid.NewGuid():N}", LimitBy.Key, LimitAlgorithm.FixedWindow, 3, TimeSpan.FromMinutes(1));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Only_what_is_not_given_back_counts_however_many_spend_at_once(bool shared)
    {
        await using var counting = await Counting.Start(shared);
        await Parallel.ForAsync(0, 200, async (i, cancellation) =>
        {
            var spent = await counting.Limits[i % counting.Limits.Count].Spend(three, Key, cancellation);
            await counting.Limits[(i + 1) % counting.Limits.Count].GiveBack(Key, spent);
        });

        var decisions = new List<Decision>();
        for (var i = 0; i < 4; i++)
        {
            decisions.Add(await counting.Limits[i % counting.Limits.Count].Spend(three, Key, default));
        }

        Assert.Equal([true, true, true, false], decisions.Select(decision => decision.Allowed));
        // A refusal spent nothing, and has nothing to give back.
        await counting.Limits[0].GiveBack(Key, decisions[3]);
        Assert.False((await counting.Limits[0].Spend(three, Key, default)).Allowed);
        await counting.Limits[^1].GiveBack(Key, decisions[0]);
        Assert.True((await counting.Limits[0].Spend(three, Key, default)).Allowed);
    }

    [Fact]
    public async Task What_was_spent_in_one_window_is_not_given_back_to_the_next()
    {
        await using var counting = await Counting.Start(shared: false);
        var before = await counting.Limits[0].Spend(three, Key, default);
        counting.Time.Advance(TimeSpan.FromMinutes(1));
        for (var i = 0; i < 3; i++)
        {
            Assert.True((await counting.Limits[0].Spend(three, Key, default)).Allowed);
        }

        await counting.Limits[0].GiveBack(Key, before);

        Assert.False((await counting.Limits[0].Spend(three, Key, default)).Allowed);
    }

    [Fact]
    public async Task In_Redis_neither_and_a_key_that_is_given_back_lapses_all_the_same()
    {
        await using var counting = await Counting.Start(shared: true);
        var spent = await counting.Limits[0].Spend(three, Key, default);
        await counting.Limits[0].GiveBack(Key, spent with { Mark = spent.Mark - 1 });
        Assert.Equal(1, (await counting.Limits[0].Spend(three, Key, default)).Left);

        await counting.Limits[1].GiveBack(Key, spent);

        Assert.Equal(1, (await counting.Limits[0].Spend(three, Key, default)).Left);
        var life = RedisServer.Shared.Type($"PTTL {counting.Prefix}limit:{three.Name}:{Key}");
        Assert.InRange(int.Parse(life[1..], System.Globalization.CultureInfo.InvariantCulture), 1, 60_000);
    }

    /// <summary>One instance that counts in memory, or two that count together in Redis.</summary>
    private sealed class Counting(
        IReadOnlyList<RedisConnection> connections, IReadOnlyList<RateLimits> limits, ManualTime time, string prefix)
        : IAsyncDisposable
    {
        public IReadOnlyList<RateLimits> Limits => limits;

        public ManualTime Time => time;

        public string Prefix => prefix;

        public static async Task<Counting> Start(bool shared)
        {
            var redis = new RedisOptions
            {
                Connection = shared ? RedisServer.Shared.Connection : null,
                Prefix = $"{Guid.NewGuid():N}:",
                TimeoutMs = 5_000,
            };
            var (options, time) = (new LimitsOptions(), new ManualTime());
            RedisConnection[] connections = [.. Enumerable.Range(0, shared ? 2 : 1).Select(_ =>
                new RedisConnection(
                    redis, Breakers.OfOne(), TimeProvider.System, NullLogger<RedisConnection>.Instance))];
            Array.ForEach(connections, connection => connection.Start());
            if (shared)
            {
                await Poll.Until(
                    () => connections.All(connection => connection.IsUp), TimeSpan.FromSeconds(10), "Redis");
            }

            return new Counting(
                connections,
                [.. connections.Select(connection => new RateLimits(
                    options, [], connection, new Instances(connection, options, time), time))],
                time,
                redis.Prefix);
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var limit in limits)
            {
                limit.Dispose();
            }

            foreach (var connection in connections)
            {
                await connection.DisposeAsync();
            }
        }
    }
}
