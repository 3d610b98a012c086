namespace Gatehouse.Bench.Booking;

/// <summary>How long and how hard.</summary>
internal sealed record BookingPlan(int Rounds, int Seconds, int Connections)
{
    public const int WarmUpSeconds = 3;

    public TimeSpan WarmUp { get; } = TimeSpan.FromSeconds(WarmUpSeconds);

    public TimeSpan Counted => TimeSpan.FromSeconds(Seconds);
}
