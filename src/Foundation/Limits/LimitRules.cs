using System.Runtime.InteropServices;

namespace Gatehouse.Foundation.Limits;

/// <summary>What is remembered of one key.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct LimitState
{
    /// <summary>Fixed: when the window ends. Sliding: the window's number. Bucket: when it is full.</summary>
    public long Mark;

    /// <summary>In this window.</summary>
    public long Count;

    /// <summary>In the window before.</summary>
    public long Before;

    /// <summary>From then on it is the same as if there were none.</summary>
    public long IdleAt;
}

/// <summary>
/// The algorithms, in whole microseconds of a clock that only goes forward. The scripts of <see cref="RedisLimits"/>
/// are the same in Lua; a test holds all of them to one model.
/// </summary>
internal static class LimitRules
{
    public static Decision Spend(ref LimitState state, LimitPolicy policy, int instances, long now) =>
        policy.Algorithm switch
        {
            LimitAlgorithm.FixedWindow => FixedWindow(ref state, policy, policy.PermitsOf(instances), now),
            LimitAlgorithm.SlidingWindow => SlidingWindow(ref state, policy, policy.PermitsOf(instances), now),
            _ => TokenBucket(ref state, policy, policy.BurstOf(instances), policy.IntervalOf(instances), now),
        };

    private static Decision FixedWindow(ref LimitState state, LimitPolicy policy, long permits, long now)
    {
        if (now >= state.Mark)
        {
            state.Mark = now + policy.WindowMicroseconds;
            state.Count = 0;
        }

        state.IdleAt = state.Mark;
        var reset = state.Mark - now;
        var allowed = state.Count < permits;
        if (allowed)
        {
            state.Count++;
        }

        return Decision.Of(policy, allowed, Math.Max(0, permits - state.Count), reset, allowed ? 0 : reset) with
        {
            Mark = state.Mark,
        };
    }

    /// <summary>Of the window that ends then; one that is over took its permits with it.</summary>
    public static void GiveBack(ref LimitState state, long mark)
    {
        if (state.Mark == mark && state.Count > 0)
        {
            state.Count--;
        }
    }

    private static Decision SlidingWindow(ref LimitState state, LimitPolicy policy, long permits, long now)
    {
        var window = policy.WindowMicroseconds;
        var (number, elapsed) = Math.DivRem(now, window);
        if (number != state.Mark)
        {
            state.Before = number == state.Mark + 1 ? state.Count : 0;
            state.Count = 0;
            state.Mark = number;
        }

        // In parts of a permit, as many as a window has microseconds: nothing is rounded.
        var free = (permits * window) - (state.Count * window) - (state.Before * (window - elapsed));
        var allowed = free >= window;
        if (allowed)
        {
            state.Count++;
            free -= window;
        }

        state.IdleAt = (number + 2) * window;
        return Decision.Of(
            policy,
            allowed,
            Math.Max(0, free / window),
            window - elapsed,
            allowed ? 0 : UntilOneIsFree(permits, state.Count, state.Before, window, elapsed));
    }

    /// <summary>When enough of the window before, or of this one once it is that, is past.</summary>
    private static long UntilOneIsFree(long permits, long count, long before, long window, long elapsed) =>
        count < permits
            ? window - ((permits - count - 1) * window / before) - elapsed
            : window - elapsed + window - ((permits - 1) * window / count);

    private static Decision TokenBucket(
        ref LimitState state, LimitPolicy policy, long burst, long interval, long now)
    {
        var full = Math.Max(state.Mark, now);
        var early = full + interval - (burst * interval) - now;
        var allowed = early <= 0;
        if (allowed)
        {
            full += interval;
        }

        state.Mark = state.IdleAt = full;
        return Decision.Of(
            policy, allowed, ((burst * interval) - (full - now)) / interval, full - now, allowed ? 0 : early);
    }
}
