using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Destinations;

internal enum ProbeVerdict
{
    /// <summary>Not probed, or not yet.</summary>
    Unknown,
    Up,
    Down,
}

/// <summary>What an administrator has said of a destination.</summary>
internal enum AdminMark
{
    None,

    /// <summary>Nothing new; WebSockets are asked to go; all else ends by itself.</summary>
    Draining,

    /// <summary>Nothing new; what is under way is left alone.</summary>
    Isolated,
}

/// <param name="Fault">Null: it was good.</param>
internal sealed record ProbeReport(DateTimeOffset At, TimeSpan Took, string? Fault);

/// <summary>Why a destination takes requests or not. Changed and read under the lock of its cluster.</summary>
internal sealed class DestinationHealth
{
    // An ejection lasts so many times as long as the first, at most.
    private const int EjectionsMax = 10;

    private int goods;
    private int bads;
    private int ejections;
    private long ejectedAt;
    private TimeSpan ejectedFor;

    public ProbeVerdict Verdict { get; private set; }

    public ProbeReport? LastProbe { get; private set; }

    public AdminMark Mark { get; set; }

    public bool IsEjected { get; private set; }

    public ProbeLoop? Loop { get; set; }

    /// <summary>As of the generation in force, since when; null: it has not been looked at.</summary>
    public (WhyOut Why, DateTimeOffset Since)? Shown { get; set; }

    public TimeSpan EjectedFor => ejectedFor;

    /// <summary>True: it is seen in another light now. The first probe decides alone.</summary>
    public bool Probed(ProbeReport report, ActiveHealth rule)
    {
        LastProbe = report;
        (goods, bads) = report.Fault is null ? (goods + 1, 0) : (0, bads + 1);
        var verdict = Verdict switch
        {
            ProbeVerdict.Unknown => goods > 0 ? ProbeVerdict.Up : ProbeVerdict.Down,
            ProbeVerdict.Up => bads >= rule.Down ? ProbeVerdict.Down : ProbeVerdict.Up,
            _ => goods >= rule.Up ? ProbeVerdict.Up : ProbeVerdict.Down,
        };
        var isNew = verdict != Verdict;
        Verdict = verdict;
        return isNew;
    }

    public void ForgetProbes() => (Verdict, LastProbe, goods, bads) = (ProbeVerdict.Unknown, null, 0, 0);

    /// <summary>Longer with each time, and shorter again with each such time that it did well.</summary>
    public void Eject(PassiveHealth rule, TimeProvider time)
    {
        if (ejections > 0)
        {
            var well = time.GetElapsedTime(ejectedAt) - ejectedFor;
            ejections -= Math.Min(ejections, (int)Math.Min(well / rule.Ejection, EjectionsMax));
        }

        ejections = Math.Min(ejections + 1, EjectionsMax);
        ejectedAt = time.GetTimestamp();
        ejectedFor = rule.Ejection * ejections;
        IsEjected = true;
    }

    /// <summary>Zero when it is over.</summary>
    public TimeSpan EjectionLeft(TimeProvider time)
    {
        var left = IsEjected ? ejectedFor - time.GetElapsedTime(ejectedAt) : TimeSpan.Zero;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    public void EndEjection() => IsEjected = false;

    public void ForgetEjections() => (IsEjected, ejections) = (false, 0);
}
