using Gatehouse.Bench.Booking;

namespace Gatehouse.Bench.Events;

/// <summary>What <c>benchmarks/results/events.json</c> holds.</summary>
internal sealed record EventsReport(
    DateTimeOffset MeasuredAt,
    Machine Machine,
    int Events,
    EventsTurn Calm,
    EventsTurn Rough,
    IReadOnlyList<double> RawPerSecond)
{
    /// <summary>Of raw, for events that come once each to processes that are left alone.</summary>
    public const double RatioMin = 0.3;

    public double RawMean => RawPerSecond.Average();

    public double CalmRatio => Calm.PerSecond / RawMean;

    public double RoughRatio => Rough.PerSecond / RawMean;
}

/// <summary>One way from the outbox to the effects.</summary>
/// <param name="Effects">Rows that the consumer wrote.</param>
/// <param name="Distinct">Events they are of.</param>
/// <param name="PerSecond">Effects a second, from the first to the last.</param>
/// <param name="Kills">Processes that were killed.</param>
internal sealed record EventsTurn(long Effects, long Distinct, double PerSecond, int Kills)
{
    public bool IsExact(int events) => Effects == events && Distinct == events;
}
