using System.Globalization;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Ticketing.Services;

namespace Gatehouse.Ticketing.Jobs;

/// <summary>Has refunds tried again that are due for long.</summary>
internal sealed class ResumeRefundsSchedule(RefundService refunds) : ISchedule
{
    public string Name => "ticketing.resume-refunds";

    public string Module => TicketingModule.DatabaseName;

    public string Cron => "0 50 * * * ?";

    public async Task<string> Run(CancellationToken cancellation)
    {
        var due = await refunds.Resume(cancellation);
        return string.Create(CultureInfo.InvariantCulture, $"{due} refunds due for an hour");
    }
}
