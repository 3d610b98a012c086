using System.Text.Json;

namespace Gatehouse.Contracts.Ticketing;

/// <summary>
/// Money of a booking has moved, or is to: <c>payment.succeeded</c>, <c>payment.failed</c>, <c>payment.refund_due</c>
/// or /// <c>payment.refunded</c>.
/// </summary>
/// <param name="Change">The second word of the type.</param>
/// <param name="Amount">In minor units: what was paid; of a refund what goes back, which may be a part.</param>
/// <param name="Code">Of the booking, to read out.</param>
/// <param name="Email">Where the buyer wants to be written to; null where it is the account's address.</param>
public sealed record PaymentChangedEvent(
    Guid Id,
    DateTimeOffset OccurredAt,
    Guid PaymentId,
    Guid BookingId,
    Guid EventId,
    Guid UserId,
    string Change,
    string Provider,
    long Amount,
    string Currency,
    string Code,
    string? Email,
    string? Name)
    : IntegrationEvent(Id, OccurredAt)
{
    public override string Type => $"payment.{Change}";

    public override string AggregateId => BookingId.ToString();

    public override string ToJson() => JsonSerializer.Serialize(this, TicketingJson.Default.PaymentChangedEvent);
}
