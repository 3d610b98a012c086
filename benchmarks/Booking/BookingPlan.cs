namespace Gatehouse.Bench.Booking;

/// <summary>How long and how hard.</summary>
internal sealed record BookingPlan(int Rounds, int Seconds, IReadOnlyList<int> Connections)
{
    /// <summary>Of pgbench, which would be slower with more: each transaction waits for the same row.</summary>
    public const int PeerConnectionsMax = 64;

    public int PeerConnections => Math.Min(PeerConnectionsMax, Connections[0]);

    public TimeSpan WarmUp { get; } = TimeSpan.FromSeconds(3);

    public TimeSpan Counted => TimeSpan.FromSeconds(Seconds);
}
