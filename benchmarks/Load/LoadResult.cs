using System.Diagnostics;

namespace Gatehouse.Bench.Load;

/// <summary>What one run of load saw.</summary>
/// <param name="Accepted">Answers with the wanted status, in the whole run.</param>
/// <param name="Refused">All other answers.</param>
/// <param name="FirstRefusal">The first of them as it was received.</param>
/// <param name="Counted">Time of the part of the run that counts.</param>
/// <param name="Latencies">Of each accepted answer of that part, in ticks of the stopwatch, ascending.</param>
internal sealed record LoadResult(
    long Accepted, long Refused, string? FirstRefusal, TimeSpan Counted, IReadOnlyList<long> Latencies)
{
    public double PerSecond => Latencies.Count / Counted.TotalSeconds;

    public double MaxMs => Percentile(1);

    /// <summary>In milliseconds and exact: the smallest latency that this share of answers did not exceed.</summary>
    public double Percentile(double share)
    {
        if (Latencies.Count == 0)
        {
            return 0;
        }

        var rank = Math.Max(1, (int)Math.Ceiling(share * Latencies.Count));
        return Stopwatch.GetElapsedTime(0, Latencies[rank - 1]).TotalMilliseconds;
    }
}
