namespace Gatehouse.Bench.Booking;

/// <summary>How long and how hard.</summary>
internal sealed record BookingPlan(int Rounds, int Seconds, int Connections)
{
    public TimeSpan WarmUp { get; } = TimeSpan.FromSeconds(3);

    public TimeSpan Counted => TimeSpan.FromSeconds(Seconds);
}
