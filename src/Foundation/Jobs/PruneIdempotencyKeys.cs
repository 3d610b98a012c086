using System.Globalization;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;

namespace Gatehouse.Foundation.Jobs;

/// <summary>Deletes a module's idempotency keys whose time is over.</summary>
internal sealed class PruneIdempotencyKeys(Database database, TimeProvider time) : ISchedule
{
    public string Name => $"{database.Name}.prune-idempotency-keys";

    public string Module => database.Name;

    public string Cron => "0 5/15 * * * ?";

    public async Task<string> Run(CancellationToken cancellation)
    {
        var deleted = await IdempotencyKeys.Prune(database, time.Now(), cancellation);
        return string.Create(CultureInfo.InvariantCulture, $"{deleted} keys deleted");
    }
}
