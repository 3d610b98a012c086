namespace Gatehouse.Foundation.Messaging;

/// <summary>A time in which something fails again and again: one line in the log, and longer and longer pauses.</summary>
internal sealed class Outage(TimeProvider time)
{
    private const int DoublingsMax = 6;
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(5);

    private long since;
    private int failures;

    public bool IsOn => failures > 0;

    /// <summary>How long to wait now: 100 ms, doubled up to 5 s, each between half and all of it at random.</summary>
    public TimeSpan Pause
    {
        get
        {
            var full = PauseMin * Math.Pow(2, Math.Min(failures - 1, DoublingsMax));
            return (full < PauseMax ? full : PauseMax) * (0.5 + (Random.Shared.NextDouble() / 2));
        }
    }

    /// <summary>Whether this is the first failure, and worth a line.</summary>
    public bool Failed()
    {
        if (failures == 0)
        {
            since = time.GetTimestamp();
        }

        return ++failures == 1;
    }

    /// <summary>How long it lasted, where there was one.</summary>
    public TimeSpan? Over()
    {
        var lasted = failures > 0 ? time.GetElapsedTime(since) : (TimeSpan?)null;
        failures = 0;
        return lasted;
    }
}
