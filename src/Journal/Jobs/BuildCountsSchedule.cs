using System.Globalization;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Journal.Services;

namespace Gatehouse.Journal.Jobs;

/// <summary>Counts journals from before there were counts, and ends builds whose job did not.</summary>
internal sealed class BuildCountsSchedule(CountsBuilding building) : ISchedule
{
    public string Name => CountsBuilding.JobKind;

    public string Module => JournalModule.DatabaseName;

    public string Cron => "10 * * * * ?";

    public async Task<string> Run(CancellationToken cancellation)
    {
        var built = await building.FinishAll(cancellation);
        return string.Create(CultureInfo.InvariantCulture, $"{built} journals counted");
    }
}
