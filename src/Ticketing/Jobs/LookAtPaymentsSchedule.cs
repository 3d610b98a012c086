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

    public async Task<string> Run(CancellationToken cancellation) =>
        string.Create(CultureInfo.InvariantCulture, $"{await payments.Look(cancellation)} payments looked at");
}
