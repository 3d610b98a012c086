using System.Globalization;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Identity.Services;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Jobs;

/// <summary>Deletes mailed links, used or not, that expired a week ago. Accounts that nobody confirmed stay.</summary>
internal sealed class PruneLinksSchedule(IAccountLinkRepository links, TimeProvider time) : ISchedule
{
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(7);

    public string Name => "identity.prune-links";

    public string Module => IdentityModule.Key;

    public string Cron => "0 40 3 * * ?";

    public async Task<string> Run(CancellationToken cancellation)
    {
        var deleted = await links.Prune(time.Now() - KeptFor, cancellation);
        return string.Create(CultureInfo.InvariantCulture, $"{deleted} mailed links deleted");
    }
}
