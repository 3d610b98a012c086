using System.Globalization;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Ticketing.Services;

namespace Gatehouse.Ticketing.Jobs;

/// <summary>Asks what became of payments whose callback never came.</summary>
internal sealed class LookAtPaymentsSchedule(PaymentLookService payments) : ISchedule
{
    public string Name => "ticketing.look-at-payments";

    public string Module => TicketingModule.DatabaseName;

    public string Cron => "30 * * * * ?";

    public async Task<string> Run(CancellationToken cancellation)
    {
        var looked = await payments.Look(cancellation);
        return string.Create(CultureInfo.InvariantCulture, $"{looked} payments looked at");
    }
}
