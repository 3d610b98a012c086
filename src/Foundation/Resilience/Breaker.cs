namespace Gatehouse.Foundation.Resilience;

/// <summary>
/// A circuit breaker (Nygard, "Release It!", 2007) that counts failures in a row. Closed it costs two reads a call;
/// open it refuses; after a while it lets a few probes through, one unless more are asked for: when all
/// went well it closes, and with the first that did not it opens again.
/// </summary>
public sealed class Breaker(
    int failuresToOpen, TimeSpan openFor, TimeProvider time, Action<BreakerPhase>? changed, int probesMax = 1)
{
    private static readonly TimeSpan ProbeRetry = TimeSpan.FromSeconds(1);
    private readonly Lock gate = new();
    private volatile BreakerPhase phase;
    private volatile BreakerForce force;
    private volatile int failures;
    private volatile int generation;
    private long since;
    private int probes;
    private int probesPassed;
    private long probeSince;

    public BreakerPhase Phase => force switch
    {
        BreakerForce.Open => BreakerPhase.Open,
        BreakerForce.Closed => BreakerPhase.Closed,
        _ => phase,
    };

    public BreakerForce Force
    {
        get => force;
        set
        {
            lock (gate)
            {
                force = value;
                Become(BreakerPhase.Closed);
            }

            changed?.Invoke(Phase);
        }
    }

    /// <summary>Failures in a row, as far as they were counted.</summary>
    public int Failures => failures;

    /// <summary>When the next probe may go; null unless it is open of its own accord.</summary>
    public DateTimeOffset? OpenUntil
    {
        get
        {
            lock (gate)
            {
                return force == BreakerForce.None && phase == BreakerPhase.Open ? time.GetUtcNow() + Left() : null;
            }
        }
    }

    /// <summary>How long it would refuse a call; zero: it would let one through. Forced open: without end.</summary>
    public TimeSpan Unwilling
    {
        get
        {
            if (force != BreakerForce.None || phase == BreakerPhase.Closed)
            {
                return force == BreakerForce.Open ? Timeout.InfiniteTimeSpan : TimeSpan.Zero;
            }

            lock (gate)
            {
                var untilLost = openFor + ProbeRetry - time.GetElapsedTime(probeSince);
                return phase != BreakerPhase.HalfOpen ? Left()
                    : probes < probesMax || untilLost < TimeSpan.Zero ? TimeSpan.Zero
                    : untilLost;
            }
        }
    }

    /// <summary>Whether a call may go; each that may must be reported with its pass.</summary>
    public bool TryEnter(out BreakerPass pass)
    {
        pass = new BreakerPass(generation, IsProbe: false);
        return force switch
        {
            BreakerForce.Closed => true,
            BreakerForce.Open => false,
            _ => phase == BreakerPhase.Closed || TryProbe(out pass),
        };
    }

    internal DependencyOpenException Refusal(string dependency)
    {
        if (OpenUntil is { } until)
        {
            var left = until - time.GetUtcNow();
            return new DependencyOpenException(dependency, until, left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }

        return new DependencyOpenException(dependency, null, force == BreakerForce.Open ? openFor : ProbeRetry);
    }

    public void Succeeded(BreakerPass pass)
    {
        if (failures == 0 && !pass.IsProbe)
        {
            return;
        }

        var closed = false;
        lock (gate)
        {
            // What was begun before the last turn says nothing about now.
            if (pass.Generation == generation)
            {
                closed = pass.IsProbe && ++probesPassed >= probesMax;
                failures = closed || !pass.IsProbe ? 0 : failures;
                if (closed)
                {
                    Become(BreakerPhase.Closed);
                }
            }
        }

        if (closed)
        {
            changed?.Invoke(BreakerPhase.Closed);
        }
    }

    public void Failed(BreakerPass pass)
    {
        var opened = false;
        lock (gate)
        {
            if (pass.Generation == generation && force == BreakerForce.None)
            {
                failures++;
                opened = pass.IsProbe || failures >= failuresToOpen;
                if (opened)
                {
                    Become(BreakerPhase.Open);
                }
            }
        }

        if (opened)
        {
            changed?.Invoke(BreakerPhase.Open);
        }
    }

    /// <summary>Its caller gave up: it says nothing, and another may probe.</summary>
    public void Abandoned(BreakerPass pass)
    {
        if (pass.IsProbe)
        {
            lock (gate)
            {
                probes -= pass.Generation == generation ? 1 : 0;
            }
        }
    }

    private bool TryProbe(out BreakerPass pass)
    {
        lock (gate)
        {
            pass = new BreakerPass(generation, IsProbe: phase != BreakerPhase.Closed);
            if (phase == BreakerPhase.Closed)
            {
                return true;
            }

            // Probes that never came back must not keep it half-open for ever.
            var isLost = probes >= probesMax && time.GetElapsedTime(probeSince) >= openFor + ProbeRetry;
            if (Left() > TimeSpan.Zero || (probes >= probesMax && !isLost))
            {
                return false;
            }

            if (phase == BreakerPhase.Open || isLost)
            {
                phase = BreakerPhase.HalfOpen;
                (probes, probesPassed) = (0, 0);
                generation++;
            }

            probes++;
            probeSince = time.GetTimestamp();
            pass = new BreakerPass(generation, IsProbe: true);
        }

        changed?.Invoke(BreakerPhase.HalfOpen);
        return true;
    }

    private TimeSpan Left()
    {
        var left = openFor - time.GetElapsedTime(since);
        return phase == BreakerPhase.Open && left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private void Become(BreakerPhase next)
    {
        phase = next;
        since = time.GetTimestamp();
        probes = 0;
        generation++;
        failures = next == BreakerPhase.Closed ? 0 : failures;
    }
}

public enum BreakerPhase
{
    Closed,
    HalfOpen,
    Open,
}

/// <summary>What an administrator has said of a breaker.</summary>
public enum BreakerForce
{
    /// <summary>It decides by itself.</summary>
    None,
    Open,
    Closed,
}

/// <summary>Leave for one call, to be given back with its outcome.</summary>
public readonly record struct BreakerPass(int Generation, bool IsProbe);
