using Gatehouse.Kernel;

namespace Gatehouse.Ticketing.Domain;

/// <summary>Money of a payment that goes back, all of it or a part: due, until it is done.</summary>
internal sealed class Refund
{
    public required RefundId Id { get; init; }

    public required EventId Event { get; init; }

    public required BookingId Booking { get; init; }

    public required PaymentId Payment { get; init; }

    public required Money Amount { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the money went; null while it is due.</summary>
    public DateTimeOffset? DoneAt { get; set; }

    public bool IsDone => DoneAt is not null;
}
