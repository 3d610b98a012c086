using Gatehouse.Kernel;

namespace Gatehouse.Ticketing.Domain;

/// <summary>
/// One attempt to pay a booking: <c>pending → succeeded</c>, or <c>→ failed</c>. Money that comes after all makes of a
/// failed one a succeeded one; nothing takes that back but a refund.
/// </summary>
internal sealed class Payment
{
    public const int ReferenceCharactersMax = 200;

    public required PaymentId Id { get; init; }

    public required EventId Event { get; init; }

    public required BookingId Booking { get; init; }

    /// <summary>Who takes the money, by its name.</summary>
    public required string Provider { get; init; }

    public required Money Amount { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the hold ends, or ended, that it was begun in.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public required PaymentStatus Status { get; set; }

    /// <summary>The provider's word for it.</summary>
    public string? Reference { get; set; }

    /// <summary>When it left <c>pending</c>; null while it is.</summary>
    public DateTimeOffset? SettledAt { get; set; }

    public static Payment Begin(Booking booking, string provider, DateTimeOffset now) => new()
    {
        Id = PaymentId.New(now),
        Event = booking.Event,
        Booking = booking.Id,
        Provider = provider,
        Amount = booking.Total,
        CreatedAt = now,
        ExpiresAt = booking.ExpiresAt ?? now,
        Status = PaymentStatus.Pending,
    };

    /// <summary>The money is there. False where it was already.</summary>
    public bool Succeed(string? reference, DateTimeOffset now)
    {
        if (Status == PaymentStatus.Succeeded)
        {
            return false;
        }

        (Status, Reference, SettledAt) = (PaymentStatus.Succeeded, reference, now);
        return true;
    }

    /// <summary>No money comes. False where that, or the contrary, was known already.</summary>
    public bool Fail(string? reference, DateTimeOffset now)
    {
        if (Status != PaymentStatus.Pending)
        {
            return false;
        }

        (Status, Reference, SettledAt) = (PaymentStatus.Failed, reference, now);
        return true;
    }
}
