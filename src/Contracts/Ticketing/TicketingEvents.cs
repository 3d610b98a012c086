using System.Text.Json;

namespace Gatehouse.Contracts.Ticketing;

/// <summary>A booking has its places and its tickets.</summary>
/// <param name="Code">Of the booking, to read out.</param>
/// <param name="Tickets">The code of each ticket: whoever has one may enter, so it is for the buyer alone.</param>
/// <param name="Email">Where the tickets go; null where that is the account's address.</param>
/// <param name="SealedSecret">What opens a guest's booking, sealed as <see cref="Purpose"/> says, so that nothing that
/// is kept opens it; null where there is an account.</param>
/// <param name="TicketTypes">The name of the type of each ticket, in the order of their codes.</param>
/// <param name="Address">Of the venue, if that was said.</param>
public sealed record BookingConfirmedEvent(
    Guid Id,
    DateTimeOffset OccurredAt,
    Guid BookingId,
    Guid EventId,
    Guid UserId,
    int Quantity,
    long Total,
    string Currency,
    string Code,
    IReadOnlyList<string> Tickets,
    string? Email = null,
    string? Name = null,
    string? SealedSecret = null,
    IReadOnlyList<string>? TicketTypes = null,
    string? Address = null)
    : IntegrationEvent(Id, OccurredAt)
{
    /// <summary>What the secret's UTF-8 bytes are sealed for (<c>SecretBox</c>), by its event.</summary>
    public static string Purpose(Guid eventId) => $"ticketing/booking-secret/{eventId}";

    public override string Type => "booking.confirmed";

    public override string AggregateId => BookingId.ToString();

    public override string ToJson() => JsonSerializer.Serialize(this, TicketingJson.Default.BookingConfirmedEvent);
}

/// <summary>A booking keeps its places until it is paid or its hold ends.</summary>
public sealed record BookingHeldEvent(
    Guid Id,
    DateTimeOffset OccurredAt,
    Guid BookingId,
    Guid EventId,
    Guid UserId,
    int Quantity,
    long Total,
    string Currency,
    DateTimeOffset ExpiresAt)
    : IntegrationEvent(Id, OccurredAt)
{
    public override string Type => "booking.held";

    public override string AggregateId => BookingId.ToString();

    public override string ToJson() => JsonSerializer.Serialize(this, TicketingJson.Default.BookingHeldEvent);
}

/// <summary>
/// A booking has given its places back, by somebody's wish (<c>cancelled</c>) or by time (<c>expired</c>).
/// </summary>
/// <param name="Email">Where the buyer wants to be written to; null where that is the account's address.</param>
/// <param name="Reason"><see cref="EventCancelled"/> where its event was; else absent.</param>
public sealed record BookingReleasedEvent(
    Guid Id,
    DateTimeOffset OccurredAt,
    Guid BookingId,
    Guid EventId,
    Guid UserId,
    int Quantity,
    string Status,
    string? Email = null,
    string? Name = null,
    string? Reason = null)
    : IntegrationEvent(Id, OccurredAt)
{
    public const string EventCancelled = "event_cancelled";

    public override string Type => $"booking.{Status}";

    public override string AggregateId => BookingId.ToString();

    public override string ToJson() => JsonSerializer.Serialize(this, TicketingJson.Default.BookingReleasedEvent);
}

/// <summary>One ticket of a confirmed booking was given back; the booking goes on with the others.</summary>
/// <param name="TicketId">It admits nobody any more.</param>
/// <param name="Quantity">Places that are left.</param>
public sealed record TicketCancelledEvent(
    Guid Id, DateTimeOffset OccurredAt, Guid BookingId, Guid EventId, Guid UserId, Guid TicketId, int Quantity)
    : IntegrationEvent(Id, OccurredAt)
{
    public override string Type => "booking.ticket_cancelled";

    public override string AggregateId => BookingId.ToString();

    public override string ToJson() => JsonSerializer.Serialize(this, TicketingJson.Default.TicketCancelledEvent);
}

/// <summary>An event has been created, changed or deleted; it is told as it is after that.</summary>
/// <param name="Change"><c>created</c>, <c>updated</c> or <c>deleted</c>.</param>
/// <param name="Status"><c>draft</c>, <c>published</c> or <c>cancelled</c>.</param>
/// <param name="Version">One more at every change: the higher is the newer.</param>
/// <param name="TimeZone">IANA name of the zone of the venue.</param>
public sealed record EventChangedEvent(
    Guid Id,
    DateTimeOffset OccurredAt,
    Guid EventId,
    Guid OrganizerId,
    string Change,
    string Name,
    string Slug,
    string? Venue,
    DateTimeOffset StartAt,
    DateTimeOffset EndAt,
    string TimeZone,
    string Status,
    int Version)
    : IntegrationEvent(Id, OccurredAt)
{
    public override string Type => $"event.{Change}";

    public override string AggregateId => EventId.ToString();

    public override string ToJson() => JsonSerializer.Serialize(this, TicketingJson.Default.EventChangedEvent);
}
