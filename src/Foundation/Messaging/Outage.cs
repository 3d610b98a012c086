namespace Gatehouse.Foundation.Messaging;

/// <summary>
/// A time in which something fails again and again: one line in the log, and longer and longer pauses.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="pauseMin">The first pause; 100 ms unless said.</param>
/// <param name="pauseMax">Where doubling ends; 5 s unless said.</param>
internal sealed class Outage(TimeProvider time, TimeSpan? pauseMin = null, TimeSpan? pauseMax = null)
{
    private const int DoublingsMax = 6;

    private readonly TimeSpan shortest = pauseMin ?? TimeSpan.FromMilliseconds(100);
    private readonly TimeSpan longest = pauseMax ?? TimeSpan.FromSeconds(5);
    private long since;
    private int failures;

    public bool IsOn => failures > 0;

    /// <summary>How long to wait now: doubled each time, each between half and all of it at random.</summary>
    public TimeSpan Pause
    {
        get
        {
            var full = shortest * Math.Pow(2, Math.Min(failures - 1, DoublingsMax));
            return (full < longest ? full : longest) * (0.5 + (Random.Shared.NextDouble() / 2));
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
