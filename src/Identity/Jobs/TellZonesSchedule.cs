using System.Globalization;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Identity.Services;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Jobs;

/// <summary>Tells of the time zones that were chosen before a module was there to hear of them, each once.</summary>
internal sealed class TellZonesSchedule(IZonesToTellRepository zones, TimeProvider time) : ISchedule
{
    private const int BatchMax = 500;

    // What happens meanwhile is not to wait behind a million of these.
    private const int BatchesMax = 20;

    // Longer than any change of a profile takes: one under way is news after this, whichever is written first.
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(20);

    public string Name => "identity.tell-zones";

    public string Module => IdentityModule.Key;

    public string Cron => "15 * * * * ?";

    public async Task<string> Run(CancellationToken cancellation)
    {
        var (told, total) = (BatchMax, 0);
        for (var batch = 0; batch < BatchesMax && told == BatchMax; batch++)
        {
            told = await zones.Tell(time.Now() - Before, BatchMax, cancellation);
            total += told;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{total} time zones told");
    }
}
