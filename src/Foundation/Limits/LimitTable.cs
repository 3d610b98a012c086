using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gatehouse.Foundation.Limits;

/// <summary>
/// What each key has spent in this process. Bounded: when there is no room for a newcomer even after the idle ones were
/// swept out, newcomers share one state for each policy and part of the table. Those already known keep their own, so
/// a flood of addresses throttles itself and not them; nobody is without a limit.
/// </summary>
internal sealed class LimitTable
{
    private const int Parts = 64;
    private const long SweepPause = 1_000_000;

    private readonly TimeProvider time;
    private readonly long origin;
    private readonly Part[] parts = new Part[Parts];

    public LimitTable(int keysMax, TimeProvider time)
    {
        this.time = time;
        origin = time.GetTimestamp();
        for (var i = 0; i < Parts; i++)
        {
            parts[i] = new Part(Math.Max(1, keysMax / Parts));
        }
    }

    public int Count => parts.Sum(part => part.Count);

    /// <param name="policy">Of the limit.</param>
    /// <param name="key">Who spends.</param>
    /// <param name="instances">How many share the limit, each counting for itself.</param>
    public Decision Spend(LimitPolicy policy, in LimitKey key, int instances) =>
        parts[(uint)key.GetHashCode() % Parts].Spend(policy, key, instances, Now);

    public void GiveBack(LimitPolicy policy, in LimitKey key, long mark) =>
        parts[(uint)key.GetHashCode() % Parts].GiveBack(policy, key, mark);

    public void Sweep()
    {
        foreach (var part in parts)
        {
            part.Sweep(Now);
        }
    }

    private long Now => time.GetElapsedTime(origin).Ticks / TimeSpan.TicksPerMicrosecond;

    private sealed class Part(int keysMax)
    {
        private readonly Lock gate = new();
        private readonly Dictionary<(string Policy, LimitKey Key), LimitState> states = new(Slots.Instance);
        private readonly Dictionary<string, LimitState> newcomers = [];
        private long sweptAt = -SweepPause;

        public int Count => states.Count;

        public Decision Spend(LimitPolicy policy, in LimitKey key, int instances, long now)
        {
            lock (gate)
            {
                var slot = (policy.Name, key);
                if (states.Count >= keysMax && !states.ContainsKey(slot) && !HasRoom(now))
                {
                    ref var shared = ref CollectionsMarshal.GetValueRefOrAddDefault(newcomers, policy.Name, out _);
                    return LimitRules.Spend(ref shared, policy, instances, now);
                }

                ref var state = ref CollectionsMarshal.GetValueRefOrAddDefault(states, slot, out _);
                return LimitRules.Spend(ref state, policy, instances, now);
            }
        }

        public void GiveBack(LimitPolicy policy, in LimitKey key, long mark)
        {
            lock (gate)
            {
                ref var state = ref CollectionsMarshal.GetValueRefOrNullRef(states, (policy.Name, key));
                if (Unsafe.IsNullRef(ref state))
                {
                    state = ref CollectionsMarshal.GetValueRefOrNullRef(newcomers, policy.Name);
                }

                if (!Unsafe.IsNullRef(ref state))
                {
                    LimitRules.GiveBack(ref state, mark);
                }
            }
        }

        public void Sweep(long now)
        {
            lock (gate)
            {
                sweptAt = now;
                foreach (var (slot, state) in states)
                {
                    if (state.IdleAt <= now)
                    {
                        states.Remove(slot);
                    }
                }
            }
        }

        private bool HasRoom(long now)
        {
            if (now - sweptAt >= SweepPause)
            {
                Sweep(now);
            }

            return states.Count < keysMax;
        }
    }

    /// <summary>The name of a policy is the same object nearly always, and its hash would tell little.</summary>
    private sealed class Slots : IEqualityComparer<(string Policy, LimitKey Key)>
    {
        public static readonly Slots Instance = new();

        public bool Equals((string Policy, LimitKey Key) x, (string Policy, LimitKey Key) y) =>
            x.Key.Equals(y.Key) && string.Equals(x.Policy, y.Policy, StringComparison.Ordinal);

        public int GetHashCode((string Policy, LimitKey Key) slot) => slot.Key.GetHashCode();
    }
}
