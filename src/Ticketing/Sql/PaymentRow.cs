using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Sql;

internal sealed class PaymentRow
{
    public Guid EventId { get; init; }

    public Guid Id { get; init; }

    public Guid BookingId { get; init; }

    public string Provider { get; init; } = "";

    public long Amount { get; init; }

    public string Currency { get; init; } = "";

    public string Status { get; init; } = "";

    public string? Reference { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? SettledAt { get; init; }

    public Payment ToDomain() => new()
    {
        Id = new PaymentId(Id),
        Event = new EventId(EventId),
        Booking = new BookingId(BookingId),
        Provider = Provider,
        Amount = new Money(Amount, Kernel.Currency.Parse(Currency)),
        Status = PaymentStatuses.Parse(Status),
        Reference = Reference,
        CreatedAt = CreatedAt,
        ExpiresAt = ExpiresAt,
        SettledAt = SettledAt,
    };
}

internal sealed class RefundRow
{
    public Guid EventId { get; init; }

    public Guid Id { get; init; }

    public Guid BookingId { get; init; }

    public Guid PaymentId { get; init; }

    public long Amount { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? DoneAt { get; init; }

    /// <param name="of">Its payment.</param>
    public Refund ToDomain(Payment of) => new()
    {
        Id = new RefundId(Id),
        Event = of.Event,
        Booking = of.Booking,
        Payment = of.Id,
        Amount = of.Amount with { Minor = Amount },
        CreatedAt = CreatedAt,
        DoneAt = DoneAt,
    };
}
