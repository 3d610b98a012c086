using System.Globalization;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Identity.Services;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Jobs;

/// <summary>Forgets devices on which nobody signed in for a year.</summary>
internal sealed class PruneDevicesSchedule(IOldSessionRepository sessions, TimeProvider time) : ISchedule
{
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(365);

    public string Name => "identity.prune-devices";

    public string Module => IdentityModule.Key;

    public string Cron => "0 35 3 * * ?";

    public async Task<string> Run(CancellationToken cancellation)
    {
        var forgotten = await sessions.PruneDevices(time.Now() - KeptFor, cancellation);
        return string.Create(CultureInfo.InvariantCulture, $"{forgotten} devices forgotten");
    }
}
