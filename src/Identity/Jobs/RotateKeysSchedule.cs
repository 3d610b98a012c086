using Gatehouse.Foundation.Jobs;
using Gatehouse.Identity.Services;

namespace Gatehouse.Identity.Jobs;

/// <summary>
/// Looks every hour whether it is time for another signing key, and deletes those that are done with.
/// </summary>
internal sealed class RotateKeysSchedule(KeyRotationService rotation) : ISchedule
{
    public string Name => "identity.rotate-keys";

    public string Module => IdentityModule.Key;

    public string Cron => "0 7 * * * ?";

    public Task<string> Run(CancellationToken cancellation) => rotation.Tend(cancellation);
}
