using System.Globalization;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Services;

namespace Gatehouse.Ticketing.Jobs;

/// <summary>Deletes what was kept of callbacks so long ago that no provider repeats them.</summary>
internal sealed class PruneCallbacksSchedule(IPaymentRepository payments, TimeProvider time) : ISchedule
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    public string Name => "ticketing.prune-payment-callbacks";

    public string Module => TicketingModule.DatabaseName;

    public string Cron => "0 35 3 * * ?";

    public async Task<string> Run(CancellationToken cancellation)
    {
        var deleted = await payments.PruneCallbacks(time.Now() - Kept, cancellation);
        return string.Create(CultureInfo.InvariantCulture, $"{deleted} callbacks deleted");
    }
}
