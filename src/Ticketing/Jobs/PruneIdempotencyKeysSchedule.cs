using System.Globalization;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Ticketing.Jobs;

/// <summary>Deletes idempotency keys whose time is over.</summary>
internal sealed class PruneIdempotencyKeysSchedule(
    [FromKeyedServices(TicketingModule.DatabaseName)] Database database, TimeProvider time) : ISchedule
{
    public string Name => "ticketing.prune-idempotency-keys";

    public string Module => TicketingModule.DatabaseName;

    public string Cron => "0 5/15 * * * ?";

    public async Task<string> Run(CancellationToken cancellation)
    {
        var deleted = await IdempotencyKeys.Prune(database, time.Now(), cancellation);
        return string.Create(CultureInfo.InvariantCulture, $"{deleted} keys deleted");
    }
}
