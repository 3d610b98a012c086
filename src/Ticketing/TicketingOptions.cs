using Gatehouse.Foundation.Configuration;

namespace Gatehouse.Ticketing;

/// <summary>The box office.</summary>
[Section("Ticketing")]
internal sealed class TicketingOptions
{
    [Setting("Minutes a booking that is to be paid keeps its places.", Min = 1, Max = 1440)]
    public int HoldMinutes { get; set; } = 15;

    [Setting("Bookings that may wait for one event; past it the answer is 503.", Min = 1, Max = 100_000)]
    public int LaneQueueMax { get; set; } = 2_000;

    [Setting("Bookings written in one transaction at most.", Min = 1, Max = 1_000)]
    public int LaneBatchMax { get; set; } = 256;
}
