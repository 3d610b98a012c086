using System.Globalization;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Journal.Services;
using Gatehouse.Kernel;

namespace Gatehouse.Journal.Jobs;

/// <summary>Deletes entries for good that their owner deleted more than a day ago.</summary>
internal sealed class PruneEntriesSchedule(IEntryRepository entries, TimeProvider time) : ISchedule
{
    private const int BatchMax = 1_000;

    public string Name => "journal.prune-entries";

    public string Module => JournalModule.DatabaseName;

    public string Cron => "0 20 * * * ?";

    public async Task<string> Run(CancellationToken cancellation)
    {
        var (now, total, deleted) = (time.Now(), 0L, BatchMax);
        while (deleted == BatchMax)
        {
            deleted = await entries.Prune(now, BatchMax, cancellation);
            total += deleted;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{total} entries deleted for good");
    }
}
