using System.Globalization;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Kernel;
using Gatehouse.Notifications.Services;

namespace Gatehouse.Notifications.Jobs;

/// <summary>Forgets what no mail and no webhook needs any more of bookings and events that are over.</summary>
internal sealed class ReadModelPruneSchedule(IReadModelRepository readModel, TimeProvider time) : ISchedule
{
    private const int BatchMax = 1_000;

    // Somebody may hear of a booking that was cancelled after the event.
    private const int BookingDays = 30;
    private const int EventDays = 365;

    public string Name => "notifications.prune-read-model";

    public string Module => NotificationsModule.DatabaseName;

    public string Cron => "0 47 3 * * ?";

    public async Task<string> Run(CancellationToken cancellation)
    {
        var now = time.Now();
        var bookings = await InBatches(limit =>
            readModel.PruneBookings(now.AddDays(-BookingDays), limit, cancellation));
        var events = await InBatches(limit => readModel.PruneEvents(now.AddDays(-EventDays), limit, cancellation));
        return string.Create(CultureInfo.InvariantCulture, $"{bookings} bookings and {events} events forgotten");
    }

    private static async Task<int> InBatches(Func<int, Task<int>> next)
    {
        var (all, some) = (0, 0);
        do
        {
            some = await next(BatchMax);
            all += some;
        }
        while (some == BatchMax);

        return all;
    }
}
