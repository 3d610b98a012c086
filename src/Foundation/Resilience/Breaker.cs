namespace Gatehouse.Foundation.Resilience;

/// <summary>
/// A circuit breaker (Nygard, "Release It!", 2007) that counts failures in a row. Closed it costs two reads a call;
/// open it refuses; after a while it lets one probe through, whose outcome decides.
/// </summary>
internal sealed class Breaker(int failuresToOpen, TimeSpan openFor, TimeProvider time, Action<BreakerPhase>? changed)
{
    private static readonly TimeSpan ProbeRetry = TimeSpan.FromSeconds(1);
    private readonly Lock gate = new();
    private volatile BreakerPhase phase;
    private volatile BreakerForce force;
    private volatile int failures;
    private volatile int generation;
    private long since;
    private bool probing;
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

    public DependencyOpenException Refusal(string dependency)
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
                failures = 0;
                closed = phase != BreakerPhase.Closed;
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
                probing &= pass.Generation != generation;
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

            // A probe that never came back must not keep it half-open for ever.
            if (Left() > TimeSpan.Zero || (probing && time.GetElapsedTime(probeSince) < openFor + ProbeRetry))
            {
                return false;
            }

            phase = BreakerPhase.HalfOpen;
            probing = true;
            probeSince = time.GetTimestamp();
            generation++;
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
        probing = false;
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
internal readonly record struct BreakerPass(int Generation, bool IsProbe);
