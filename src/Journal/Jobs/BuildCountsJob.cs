using System.Globalization;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Journal.Services;
using Gatehouse.Kernel;

namespace Gatehouse.Journal.Jobs;

/// <summary>Counts a journal in the time zone its owner moved to.</summary>
internal sealed class BuildCountsJob(CountsBuilding building) : IJob
{
    public string Kind => CountsBuilding.JobKind;

    public string Module => JournalModule.DatabaseName;

    public JobPolicy Policy { get; } = new() { ConcurrencyMax = 1, Timeout = TimeSpan.FromMinutes(30) };

    public Task Run(JobRun run, CancellationToken cancellation) => building.Finish(
        new UserId(Guid.Parse(run.Payload)),
        entries => run.Report(
            0, string.Create(CultureInfo.InvariantCulture, $"{entries} entries counted"), cancellation),
        cancellation);
}
