using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

/// <summary>Money that an organizer sees come and go: by bank transfer, or at the desk.</summary>
internal sealed class ManualPayments(TimeProvider time) : IPaymentProvider
{
    public const string ProviderName = "manual";

    /// <summary>So long after the end of the hold nobody waits any more; what comes yet can still be marked.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    public string Name => ProviderName;

    public bool IsOffered => true;

    public bool Refunds => false;

    public Task Begin(Payment payment, CancellationToken cancellation) => Task.CompletedTask;

    public Task<PaymentStatus> Look(Payment payment, CancellationToken cancellation) => Task.FromResult(
        time.Now() >= payment.ExpiresAt + Patience ? PaymentStatus.Failed : PaymentStatus.Pending);

    public Task Refund(Refund refund, Payment payment, int attempt, CancellationToken cancellation) =>
        throw new InvalidOperationException("The organizer pays back.");

    public Result<PaymentCallback> Verify(SignedCallback callback, DateTimeOffset now) => Problem.NotFound("provider");
}
