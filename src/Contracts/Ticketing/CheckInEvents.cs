using System.Text.Json;

namespace Gatehouse.Contracts.Ticketing;

/// <summary>A ticket was admitted at the door.</summary>
/// <param name="CheckInId">Its name, should it be undone.</param>
/// <param name="At">When.</param>
public sealed record TicketCheckedInEvent(
    Guid Id,
    DateTimeOffset OccurredAt,
    Guid EventId,
    Guid BookingId,
    Guid TicketId,
    Guid TicketTypeId,
    Guid UserId,
    Guid CheckInId,
    DateTimeOffset At,
    string? Gate)
    : IntegrationEvent(Id, OccurredAt)
{
    public override string Type => "ticket.checked_in";

    public override string AggregateId => TicketId.ToString();

    public override string ToJson() => JsonSerializer.Serialize(this, TicketingJson.Default.TicketCheckedInEvent);
}

/// <summary>An admission was taken back: the ticket admits again.</summary>
public sealed record TicketCheckInUndoneEvent(
    Guid Id,
    DateTimeOffset OccurredAt,
    Guid EventId,
    Guid BookingId,
    Guid TicketId,
    Guid TicketTypeId,
    Guid UserId,
    Guid CheckInId)
    : IntegrationEvent(Id, OccurredAt)
{
    public override string Type => "ticket.check_in_undone";

    public override string AggregateId => TicketId.ToString();

    public override string ToJson() => JsonSerializer.Serialize(this, TicketingJson.Default.TicketCheckInUndoneEvent);
}
