using Gatehouse.Foundation.Limits;
using Gatehouse.Testing;
using StackExchange.Redis;

namespace Gatehouse.Foundation.Tests.Limits;

/// <summary>Each algorithm against the plainest way to say it, at random times.</summary>
public sealed class LimitRulesTests
{
    private const int Seeds = 60;
    private const int Steps = 400;

    public static TheoryData<LimitAlgorithm> Algorithms => [.. Enum.GetValues<LimitAlgorithm>()];

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Decisions_are_those_of_the_model(LimitAlgorithm algorithm)
    {
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var random = new Random(seed);
            var policy = RandomPolicy(algorithm, random);
            var model = Model.Of(policy);
            var state = default(LimitState);
            foreach (var now in Times(random, policy))
            {
                var decision = LimitRules.Spend(ref state, policy, instances: 1, now);
                Assert.True(model.Spend(now) == decision.Allowed, $"Seed {seed} at {now}: {decision}.");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void What_is_left_can_be_spent_at_once_and_a_retry_comes_neither_too_early_nor_too_late(
        LimitAlgorithm algorithm)
    {
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var random = new Random(seed);
            var policy = RandomPolicy(algorithm, random);
            var state = default(LimitState);
            foreach (var now in Times(random, policy))
            {
                var decision = LimitRules.Spend(ref state, policy, 1, now);
                var (spending, left) = (state, 0);
                while (LimitRules.Spend(ref spending, policy, 1, now).Allowed)
                {
                    left++;
                }

                Assert.Equal(left, decision.Left);
                if (!decision.Allowed)
                {
                    var wait = (long)decision.RetryAfter.TotalMicroseconds;
                    var (early, late) = (state, state);
                    Assert.False(LimitRules.Spend(ref early, policy, 1, now + wait - 1).Allowed);
                    Assert.True(LimitRules.Spend(ref late, policy, 1, now + wait).Allowed);
                }
            }
        }
    }

    [Fact]
    public void No_window_of_a_token_bucket_admits_more_than_its_permits_wherever_it_begins()
    {
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var random = new Random(seed);
            var policy = RandomPolicy(LimitAlgorithm.TokenBucket, random);
            var state = default(LimitState);
            var admitted = Times(random, policy)
                .Where(now => LimitRules.Spend(ref state, policy, 1, now).Allowed).ToList();

            Assert.InRange(TimeWindows.Fullest(admitted, policy.WindowMicroseconds), 1, policy.Permits);
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Parts_of_instances_together_are_the_limit_or_one_each(LimitAlgorithm algorithm)
    {
        var policy = new LimitPolicy("parts", LimitBy.Key, algorithm, 100, TimeSpan.FromSeconds(60));
        foreach (var instances in new[] { 1, 3, 4, 7, 1000 })
        {
            var spent = 0;
            for (var instance = 0; instance < instances; instance++)
            {
                var state = default(LimitState);
                for (var i = 0; i < 2_000; i++)
                {
                    spent += LimitRules.Spend(ref state, policy, instances, 6_000_000_000 + i).Allowed ? 1 : 0;
                }
            }

            Assert.InRange(spent, instances, Math.Max(100, instances));
        }
    }

    /// <summary>The same times, told to the script instead of asked of Redis.</summary>
    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Scripts_decide_as_the_rules_do(LimitAlgorithm algorithm)
    {
        using var redis = await ConnectionMultiplexer.ConnectAsync(RedisServer.Shared.Connection);
        var script = "local now = tonumber(ARGV[3])\n" + algorithm switch
        {
            LimitAlgorithm.FixedWindow => RedisLimits.Scripts.FixedWindow,
            LimitAlgorithm.SlidingWindow => RedisLimits.Scripts.SlidingWindow,
            _ => RedisLimits.Scripts.TokenBucket,
        };
        for (var seed = 1; seed <= 5; seed++)
        {
            var random = new Random(seed);
            var policy = RandomPolicy(algorithm, random);
            var (first, second) = algorithm == LimitAlgorithm.TokenBucket
                ? (policy.Burst, policy.IntervalOf(1))
                : (policy.Permits, policy.WindowMicroseconds);
            var state = default(LimitState);
            RedisKey key = $"rules:{Guid.NewGuid():N}";
            // As many microseconds as since 1970: what loses digits shows.
            foreach (var now in Times(random, policy).Select(time => time + 1_800_000_000_000_000))
            {
                var rule = LimitRules.Spend(ref state, policy, 1, now);
                var answer = (long[])(await redis.GetDatabase().ScriptEvaluateAsync(
                    script, [key], [first, second, now]))!;
                Assert.Equal(
                    [rule.Allowed ? 1 : 0, rule.Left, (long)rule.Reset.TotalMicroseconds,
                        (long)rule.RetryAfter.TotalMicroseconds],
                    answer[..4]);
            }
        }
    }

    private static LimitPolicy RandomPolicy(LimitAlgorithm algorithm, Random random)
    {
        var permits = random.Next(2, 40);
        return new LimitPolicy(
            "random",
            LimitBy.Key,
            algorithm,
            permits,
            // Long enough that keys in Redis, which lapse by its own clock, do not during the test.
            TimeSpan.FromMicroseconds(random.NextInt64(30_000_000, 90_000_000)),
            algorithm == LimitAlgorithm.TokenBucket ? random.Next(1, permits) : null);
    }

    /// <summary>Crowds, trickles and silences, so that windows are passed and skipped.</summary>
    private static IEnumerable<long> Times(Random random, LimitPolicy policy)
    {
        var now = random.NextInt64(policy.WindowMicroseconds);
        for (var step = 0; step < Steps; step++)
        {
            now += random.Next(10) switch
            {
                < 5 => random.NextInt64(2),
                < 9 => random.NextInt64(policy.WindowMicroseconds / policy.Permits * 2),
                _ => random.NextInt64(policy.WindowMicroseconds * 3),
            };
            yield return now;
        }
    }

    private abstract class Model(LimitPolicy policy)
    {
        protected LimitPolicy Policy => policy;

        protected List<long> Admitted { get; } = [];

        public static Model Of(LimitPolicy policy) => policy.Algorithm switch
        {
            LimitAlgorithm.FixedWindow => new Fixed(policy),
            LimitAlgorithm.SlidingWindow => new Sliding(policy),
            _ => new Bucket(policy),
        };

        public bool Spend(long now)
        {
            var may = May(now);
            if (may)
            {
                Admitted.Add(now);
            }

            return may;
        }

        protected abstract bool May(long now);
    }

    private sealed class Fixed(LimitPolicy policy) : Model(policy)
    {
        private long? start;

        protected override bool May(long now)
        {
            start = start is null || now >= start + Policy.WindowMicroseconds ? now : start;
            return Admitted.Count(at => at >= start) < Policy.Permits;
        }
    }

    private sealed class Sliding(LimitPolicy policy) : Model(policy)
    {
        protected override bool May(long now)
        {
            var window = Policy.WindowMicroseconds;
            var start = now / window * window;
            decimal current = Admitted.Count(at => at >= start);
            decimal before = Admitted.Count(at => at >= start - window && at < start);
            var spent = (current * window) + (before * (window - (now - start)));
            return spent + window <= (decimal)Policy.Permits * window;
        }
    }

    private sealed class Bucket(LimitPolicy policy) : Model(policy)
    {
        /// <summary>In parts of a token, as many as an interval has microseconds.</summary>
        private long level = policy.Burst * policy.IntervalOf(1);
        private long seen;

        protected override bool May(long now)
        {
            var interval = Policy.IntervalOf(1);
            level = Math.Min(Policy.Burst * interval, level + now - seen);
            seen = now;
            if (level < interval)
            {
                return false;
            }

            level -= interval;
            return true;
        }
    }
}
