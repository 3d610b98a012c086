namespace Gatehouse.Testing;

/// <summary>Counts in windows of time that begin anywhere.</summary>
public static class TimeWindows
{
    /// <summary>How many of the times lie within the fullest window: one that begins with one of them.</summary>
    public static int Fullest(IEnumerable<long> times, long window) =>
        Fullest([.. times.Select(time => (time, time))], window);

    /// <summary>The same of what happened between two times each: as many as did for certain.</summary>
    public static int Fullest(IReadOnlyList<(long After, long Before)> times, long window) =>
        times.Count == 0 ? 0 : times.Max(first =>
            times.Count(other => other.After >= first.After && other.Before < first.After + window));
}
