using Gatehouse.Bench.Booking;

namespace Gatehouse.Bench.Limits;

/// <summary>What <c>benchmarks/results/limits.json</c> holds.</summary>
/// <param name="Permits">A second, for all instances together.</param>
/// <param name="RecoveryMs">From Redis being back to every instance counting in it again.</param>
/// <param name="Phases">Ours, in order: with Redis, killed midway, without it, back.</param>
/// <param name="Raw">The peer, before and after.</param>
internal sealed record LimitsReport(
    DateTimeOffset MeasuredAt,
    Machine Machine,
    int Permits,
    double RecoveryMs,
    IReadOnlyList<LimitsPhase> Phases,
    IReadOnlyList<LimitsPhase> Raw)
{
    private const double P99MsMax = 60;

    public double Ratio => (Phases[0].PerSecond + Phases[^1].PerSecond) / Raw.Sum(phase => phase.PerSecond);

    /// <summary>What was promised and did not come about; empty when all did.</summary>
    public IEnumerable<string> Broken()
    {
        foreach (var phase in Phases)
        {
            // What Redis had counted is lost with it: in that window up to the limit may pass once more.
            var most = (phase.IsKilled ? 2 * Permits : Permits) + 1;
            if (phase.Fullest > most)
            {
                yield return $"{phase.Name}: {phase.Fullest:N0} admitted in one window, at most {most:N0} may be";
            }

            if (phase.P99Ms >= P99MsMax)
            {
                yield return $"{phase.Name}: p99 of a decision is {phase.P99Ms:N1} ms, not under {P99MsMax:N0}";
            }
        }
    }
}

/// <summary>Some seconds of decisions.</summary>
/// <param name="Name">Shown.</param>
/// <param name="IsKilled">Redis was killed in the middle of it.</param>
/// <param name="PerSecond">Decisions.</param>
/// <param name="Admitted">Of all of them.</param>
/// <param name="Fullest">Admitted in the window that has the most.</param>
internal sealed record LimitsPhase(
    string Name,
    bool IsKilled,
    double PerSecond,
    int Admitted,
    int Fullest,
    double P50Ms,
    double P99Ms,
    double MaxMs);
