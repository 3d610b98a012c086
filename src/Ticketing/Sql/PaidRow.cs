using Gatehouse.Contracts.Ticketing;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;
using Gatehouse.Ticketing.Services;

namespace Gatehouse.Ticketing.Sql;

/// <summary>A payment with what of it went back, or is to, as people see it.</summary>
internal sealed class PaidRow
{
    public const string Columns =
        """
        SELECT p.id, p.booking_id, p.provider, p.status, p.amount, p.currency, p.created_at, p.settled_at,
            p.expires_at,
            CAST(COALESCE((
                SELECT SUM(r.amount)
                FROM refunds r
                WHERE r.event_id = p.event_id AND r.booking_id = p.booking_id AND r.payment_id = p.id
                    AND r.done_at IS NULL), 0) AS bigint) AS due,
            CAST(COALESCE((
                SELECT SUM(r.amount)
                FROM refunds r
                WHERE r.event_id = p.event_id AND r.booking_id = p.booking_id AND r.payment_id = p.id
                    AND r.done_at IS NOT NULL), 0) AS bigint) AS refunded

        """;

    public Guid Id { get; init; }

    public Guid BookingId { get; init; }

    public string Provider { get; init; } = "";

    public string Status { get; init; } = "";

    public long Amount { get; init; }

    public string Currency { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? SettledAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public long Due { get; init; }

    public long Refunded { get; init; }

    public PaymentView ToContract() => PaymentContracts.View(
        Id,
        BookingId,
        Provider,
        PaymentStatuses.Parse(Status),
        new Money(Amount, Kernel.Currency.Parse(Currency)),
        Due,
        Refunded,
        (CreatedAt, SettledAt, ExpiresAt));
}
