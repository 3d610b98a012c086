using Gatehouse.Foundation.Jobs;
using Gatehouse.Ticketing.Services;

namespace Gatehouse.Ticketing.Jobs;

/// <summary>Pays back what is due. A payment provider that is away for a day finds it waiting still.</summary>
internal sealed class RefundJob(RefundService refunds) : IJob
{
    public string Kind => RefundService.JobKind;

    public string Module => TicketingModule.DatabaseName;

    public JobPolicy Policy { get; } = new()
    {
        Delays = [.. JobPolicy.UsualDelays, .. Enumerable.Repeat(TimeSpan.FromHours(4), 6)],
        Timeout = TimeSpan.FromMinutes(1),
    };

    public Task Run(JobRun run, CancellationToken cancellation) => refunds.PayBack(run, cancellation);
}
