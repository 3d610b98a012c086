using Gatehouse.Kernel;

namespace Gatehouse.Ticketing.Services;

/// <summary>Takes in what providers say of payments: verified, each once, in whatever order it comes.</summary>
internal sealed class PaymentCallbackService(
    PaymentProviders providers, IPaymentRepository payments, PaymentSettlement settlement, TimeProvider time)
{
    /// <summary>
    /// Done where it is known already. Codes: <c>not_found</c>, <c>invalid_signature</c>, and what the provider's own
    /// form may refuse.
    /// </summary>
    public async Task<Result<Done>> Receive(string provider, SignedCallback callback, CancellationToken cancellation)
    {
        if (providers.Find(provider) is not { } known)
        {
            return Problem.NotFound("provider");
        }

        if (known.Verify(callback, time.Now()) is var verified && verified.Failed(out var problem))
        {
            return problem;
        }

        var said = verified.Value;
        if (await payments.Find(said.Payment, cancellation) is not { } payment || payment.Provider != known.Name)
        {
            return Problem.NotFound("payment");
        }

        await settlement.Apply(payment, said.Status, said.Reference, said.Id, cancellation);
        return new Done();
    }
}
