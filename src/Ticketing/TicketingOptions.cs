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

    [Setting("Whether somebody without an account may book, with an e-mail address.")]
    public bool GuestBookings { get; set; } = true;

    [Setting("Bookings that guests from one network address may ask for in an hour.", Min = 1, Max = 1_000_000)]
    public int GuestBookingsPerHour { get; set; } = 120;

    [Setting("Offers the payment provider `test`, which takes no money; `development` does so anyway.")]
    public bool TestPayments { get; set; }
}
