using System.Diagnostics.Metrics;
using Gatehouse.Foundation.Redis;
using Gatehouse.Foundation.Telemetry;

namespace Gatehouse.Foundation.Limits;

/// <summary>
/// Decides whether something may be done once more. With Redis all instances count together; while it does not answer,
/// each admits its part: the limit divided by how many instances there were when it last did. Nothing is ever
/// unlimited, and no decision takes longer than <see cref="RedisOptions.TimeoutMs"/>.
/// </summary>
public sealed class RateLimits : IDisposable
{
    private static readonly TimeSpan SweepPause = TimeSpan.FromSeconds(10);
    private static readonly Counter<long> Decisions = GatehouseMeter.Meter.CreateCounter<long>(
        "gatehouse.limits.decisions", "{decision}", "Decisions, by policy, outcome and who counted.");
    private static readonly KeyValuePair<string, object?> Allowed = new("outcome", "allowed");
    private static readonly KeyValuePair<string, object?> Refused = new("outcome", "refused");
    private static readonly KeyValuePair<string, object?> InMemory = new("counted", "memory");
    private static readonly KeyValuePair<string, object?> InRedis = new("counted", "redis");
    private static readonly KeyValuePair<string, object?> AsShare = new("counted", "share");

    private readonly LimitsOptions options;
    private readonly Dictionary<string, LimitPolicy> policies;
    private readonly RedisConnection redis;
    private readonly RedisLimits shared;
    private readonly Instances instances;
    private readonly LimitTable table;
    private readonly ITimer sweeping;

    internal RateLimits(
        LimitsOptions options,
        IEnumerable<LimitPolicy> policies,
        RedisConnection redis,
        Instances instances,
        TimeProvider time)
    {
        this.options = options;
        this.policies = policies.ToDictionary(policy => policy.Name, StringComparer.Ordinal);
        this.redis = redis;
        this.instances = instances;
        shared = new RedisLimits(redis);
        table = new LimitTable(options.KeysMax, time);
        sweeping = time.CreateTimer(_ => table.Sweep(), state: null, SweepPause, SweepPause);
    }

    public bool Enabled => options.Enabled;

    /// <summary>The policy of that name; asking for one that nobody registered is a bug and throws.</summary>
    public LimitPolicy this[string policy] => policies.GetValueOrDefault(policy)
        ?? throw new InvalidOperationException($"No rate limit is called '{policy}'.");

    /// <summary>Spends one permit of a registered policy, if there is one.</summary>
    /// <param name="policy">Its name.</param>
    /// <param name="key">Whatever is counted together: an e-mail address, a code. Kept as a hash.</param>
    /// <param name="cancellation">A decision takes milliseconds: it is looked at before.</param>
    public ValueTask<Decision> Spend(string policy, string key, CancellationToken cancellation) =>
        Spend(this[policy], LimitKey.Of(key), cancellation);

    /// <summary>Spends one permit of any policy, registered or made for a route that is configured.</summary>
    public ValueTask<Decision> Spend(LimitPolicy policy, LimitKey key, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!options.Enabled)
        {
            return new ValueTask<Decision>(Decision.Unlimited(policy));
        }

        if (policy.PerInstance || !redis.IsConfigured)
        {
            return new ValueTask<Decision>(Count(table.Spend(policy, key, instances: 1), InMemory));
        }

        return redis.IsUp
            ? SpendShared(policy, key)
            : new ValueTask<Decision>(Count(table.Spend(policy, key, instances.Count), AsShare));
    }

    /// <summary>
    /// Takes back that a permit was spent: for what is counted before its outcome is known, where only some outcomes
    /// count. Only of a fixed window, and of no other than the one it was spent in. What cannot be given back because
    /// Redis does not answer stays spent until its window ends.
    /// </summary>
    public async ValueTask GiveBack(LimitKey key, Decision spent)
    {
        if (spent is { Allowed: true, Mark: > 0, Shared: true })
        {
            await shared.GiveBack(spent.Policy, key, spent.Mark);
        }
        else if (spent is { Allowed: true, Mark: > 0 })
        {
            table.GiveBack(spent.Policy, key, spent.Mark);
        }
    }

    public void Dispose() => sweeping.Dispose();

    private async ValueTask<Decision> SpendShared(LimitPolicy policy, LimitKey key) =>
        await shared.Spend(policy, key) is { } decision
            ? Count(decision, InRedis)
            : Count(table.Spend(policy, key, instances.Count), AsShare);

    private static Decision Count(Decision decision, in KeyValuePair<string, object?> counted)
    {
        Decisions.Add(1, new("policy", decision.Policy.Name), decision.Allowed ? Allowed : Refused, counted);
        return decision;
    }
}
