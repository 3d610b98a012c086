using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

/// <summary>
/// Who takes money and gives it back. None of this is called inside a transaction, and each call may be repeated: the
/// provider knows a payment and a refund by its id.
/// </summary>
internal interface IPaymentProvider
{
    /// <summary>Stable: it is kept with each payment.</summary>
    string Name { get; }

    /// <summary>Whether payments may be begun with it; those begun before go on.</summary>
    bool IsOffered { get; }

    /// <summary>False where a person pays back, and says so.</summary>
    bool Refunds { get; }

    /// <summary>Tells the provider what is to be paid. What becomes of it, it says later.</summary>
    Task Begin(Payment payment, CancellationToken cancellation);

    /// <summary>What became of it, for when no callback came.</summary>
    Task<PaymentStatus> Look(Payment payment, CancellationToken cancellation);

    /// <summary>Pays back. Throwing is a failed attempt.</summary>
    /// <param name="refund">A part of the payment, or all of it.</param>
    /// <param name="payment">That succeeded.</param>
    /// <param name="attempt">From 1.</param>
    /// <param name="cancellation">Of the attempt.</param>
    Task Refund(Refund refund, Payment payment, int attempt, CancellationToken cancellation);

    /// <summary>Makes sure that a callback is the provider's, and of now; a refusal where it is not.</summary>
    Result<PaymentCallback> Verify(SignedCallback callback, DateTimeOffset now);
}

/// <summary>A callback as it came; each provider has its own way to sign it.</summary>
/// <param name="Headers">By name, whatever its case.</param>
internal sealed record SignedCallback(IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body);

/// <summary>What a provider says of a payment.</summary>
/// <param name="Id">The provider's name for the callback: the same twice is the same callback.</param>
internal sealed record PaymentCallback(string Id, PaymentId Payment, PaymentStatus Status, string? Reference);
