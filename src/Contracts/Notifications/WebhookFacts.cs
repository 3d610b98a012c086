namespace Gatehouse.Contracts.Notifications;

/// <summary>The body of a webhook, as the Standard Webhooks specification has it.</summary>
/// <param name="Type">Such as <c>booking.confirmed</c>.</param>
/// <param name="Timestamp">When it happened, UTC.</param>
/// <param name="Data">The facts.</param>
public sealed record WebhookBody<T>(string Type, DateTimeOffset Timestamp, T Data);

/// <summary>
/// What <c>booking.…</c> tells: never the codes of tickets, since whoever has one may enter. What a type does not know
/// is absent.
/// </summary>
/// <param name="Status"><c>held</c>, <c>confirmed</c>, <c>cancelled</c> or <c>expired</c>.</param>
/// <param name="Total">In minor units.</param>
/// <param name="Code">Of the booking, to read out.</param>
/// <param name="TicketId">Of <c>booking.ticket_cancelled</c>: it admits nobody any more.</param>
public sealed record WebhookBooking(
    Guid BookingId,
    Guid EventId,
    Guid UserId,
    string Status,
    int Quantity,
    long? Total = null,
    string? Currency = null,
    string? Code = null,
    DateTimeOffset? ExpiresAt = null,
    Guid? TicketId = null);

/// <summary>What <c>ticket.…</c> tells: an admission at the door, or that it was taken back.</summary>
/// <param name="At">When it was admitted.</param>
/// <param name="Gate">Where, if that was said.</param>
public sealed record WebhookCheckIn(
    Guid CheckInId,
    Guid EventId,
    Guid BookingId,
    Guid TicketId,
    Guid TicketTypeId,
    DateTimeOffset? At = null,
    string? Gate = null);

/// <summary>What <c>payment.…</c> tells.</summary>
/// <param name="Status"><c>succeeded</c>, <c>failed</c>, <c>refund_due</c> or <c>refunded</c>.</param>
/// <param name="Amount">In minor units: what was paid; of a refund what goes back.</param>
public sealed record WebhookPayment(
    Guid PaymentId,
    Guid BookingId,
    Guid EventId,
    Guid UserId,
    string Status,
    string Provider,
    long Amount,
    string Currency);

/// <summary>What <c>event.…</c> tells: the event as it is after the change.</summary>
public sealed record WebhookEvent(
    Guid EventId,
    Guid OrganizerId,
    string Name,
    string Slug,
    string? Venue,
    DateTimeOffset StartAt,
    DateTimeOffset EndAt,
    string TimeZone,
    string Status,
    int Version);

/// <summary>What <c>entry.…</c> tells its owner, and nobody else: never the text.</summary>
public sealed record WebhookEntry(
    Guid EntryId,
    Guid UserId,
    int Mood,
    string Category,
    IReadOnlyList<string> Tags,
    DateTimeOffset At,
    int Version);

/// <summary>What <c>user.registered</c> tells: never the e-mail address.</summary>
public sealed record WebhookUser(Guid UserId);

/// <summary>What <c>webhook.test</c> tells.</summary>
public sealed record WebhookTest(Guid WebhookId);
