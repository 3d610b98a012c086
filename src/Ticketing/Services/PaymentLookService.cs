using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

/// <summary>Asks providers about payments that no callback came for: a lost one costs minutes, not the money.</summary>
internal sealed class PaymentLookService(
    IPaymentRepository payments, PaymentProviders providers, PaymentSettlement settlement, TimeProvider time)
{
    private const int PaymentsMax = 500;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(50);
    private static readonly TimeSpan PauseMin = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan PauseMax = TimeSpan.FromHours(6);

    /// <summary>How many were asked about within a minute; throws when some could not be, after the others.</summary>
    public async Task<int> Look(CancellationToken cancellation)
    {
        var (asked, failures, started) = (0, new List<Exception>(), time.GetTimestamp());
        foreach (var payment in await payments.FindSilent(time.Now(), PaymentsMax, cancellation))
        {
            if (time.GetElapsedTime(started) > Budget)
            {
                break;
            }

            asked++;
            try
            {
                await Look(payment, cancellation);
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested)
            {
                // One that cannot be asked about keeps no other waiting, and comes again later like the rest.
                failures.Add(exception);
                await payments.LookAgain(payment, Next(payment), cancellation);
            }
        }

        return failures.Count == 0 ? asked : throw new InvalidOperationException(
            $"{failures.Count} of {asked} payments could not be looked at.", failures[0]);
    }

    private async Task Look(Payment payment, CancellationToken cancellation)
    {
        var status = await providers.Of(payment.Provider).Look(payment, cancellation)
            .WaitAsync(Patience, time, cancellation);
        if (status == PaymentStatus.Pending)
        {
            await payments.LookAgain(payment, Next(payment), cancellation);
            return;
        }

        await settlement.Apply(payment, status, payment.Reference, callback: null, cancellation);
    }

    // The older it is, the less often; soon after the end of its hold once more.
    private DateTimeOffset Next(Payment payment)
    {
        var now = time.Now();
        var age = now - payment.CreatedAt;
        return now + (age < PauseMin ? PauseMin : age > PauseMax ? PauseMax : age);
    }
}
