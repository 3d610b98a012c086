using System.Globalization;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Services;

namespace Gatehouse.Ticketing.Jobs;

/// <summary>
/// Gives the places of lapsed holds back and tells their buyers, of events that nobody looks at too. No decision waits
/// for it: each tidies its own event first.
/// </summary>
internal sealed class ExpireHoldsSchedule(EventLocks locks, IBookingRepository bookings, TimeProvider time) : ISchedule
{
    private const int EventsMax = 1_000;

    public string Name => "ticketing.expire-holds";

    public string Module => TicketingModule.DatabaseName;

    public string Cron => "0/10 * * * * ?";

    public async Task<string> Run(CancellationToken cancellation)
    {
        var failed = 0;
        Exception? failure = null;
        var events = await bookings.FindLapsed(time.Now(), EventsMax, cancellation);
        foreach (var id in events)
        {
            try
            {
                await using var locked = await locks.Take(id, cancellation);
                if (locked is { Lapsed: > 0 })
                {
                    await locked.Commit([]);
                }
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested)
            {
                // One event that cannot be had keeps no other waiting.
                failure = exception;
                failed++;
            }
        }

        return failure is null
            ? string.Create(CultureInfo.InvariantCulture, $"lapsed holds of {events.Count} events given back")
            : throw new InvalidOperationException($"{failed} of {events.Count} events could not be tidied.", failure);
    }
}
