using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gatehouse.Contracts.Identity;
using Gatehouse.Contracts.Journal;
using Gatehouse.Contracts.Notifications;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Messaging;

namespace Gatehouse.Notifications.Services.Webhooks;

/// <summary>
/// Which integration events webhooks are told of, what is said, and whom it concerns. This is the only place that
/// makes bodies: what is not written here, such as the code of a ticket or an address, leaves by no webhook.
/// </summary>
internal static class WebhookCatalog
{
    public const string Test = "webhook.test";

    private static readonly NotificationsJson Json = NotificationsJson.Default;

    private static readonly Dictionary<string, Func<ReceivedEvent, WebhookMessage>> Tellers =
        new(StringComparer.Ordinal)
        {
            ["booking.held"] = Held,
            ["booking.confirmed"] = Confirmed,
            ["booking.cancelled"] = Released,
            ["booking.expired"] = Released,
            ["booking.ticket_cancelled"] = TicketCancelled,
            ["ticket.checked_in"] = CheckedIn,
            ["ticket.check_in_undone"] = CheckInUndone,
            ["payment.succeeded"] = Paid,
            ["payment.failed"] = Paid,
            ["payment.refund_due"] = Paid,
            ["payment.refunded"] = Paid,
            ["event.created"] = Changed,
            ["event.updated"] = Changed,
            ["event.deleted"] = Changed,
            ["entry.created"] = Written,
            ["entry.updated"] = Written,
            ["entry.deleted"] = Written,
            ["user.registered"] = Registered,
        };

    /// <summary>What concerns no single user, so that it is for those who get everything.</summary>
    private static readonly string[] OnlyForAll = ["user.registered"];

    /// <summary>Between a person and their journal: not even for those who get everything else.</summary>
    private static readonly string[] OnlyOwn = ["entry.created", "entry.updated", "entry.deleted"];

    public static IReadOnlyCollection<string> Types { get; } = [.. Tellers.Keys];

    public static IReadOnlyCollection<string> TypesForAll { get; } = [.. Types.Except(OnlyOwn)];

    public static IReadOnlyCollection<string> OwnTypes { get; } = [.. Types.Except(OnlyForAll)];

    public static WebhookMessage Tell(ReceivedEvent received) => Tellers[received.Type](received);

    public static WebhookMessage TestOf(Guid webhookId, Guid messageId, DateTimeOffset now) => new(
        messageId, Test, Serialize(Test, now, new WebhookTest(webhookId), Json.WebhookTestBody));

    private static WebhookMessage Held(ReceivedEvent received)
    {
        var fact = received.Read(TicketingJson.Default.BookingHeldEvent);
        return Booking(received, new WebhookBooking(
            fact.BookingId,
            fact.EventId,
            fact.UserId,
            "held",
            fact.Quantity,
            fact.Total,
            fact.Currency,
            ExpiresAt: fact.ExpiresAt));
    }

    private static WebhookMessage Confirmed(ReceivedEvent received)
    {
        var fact = received.Read(TicketingJson.Default.BookingConfirmedEvent);
        return Booking(received, new WebhookBooking(
            fact.BookingId,
            fact.EventId,
            fact.UserId,
            "confirmed",
            fact.Quantity,
            fact.Total,
            fact.Currency,
            fact.Code));
    }

    private static WebhookMessage Released(ReceivedEvent received)
    {
        var fact = received.Read(TicketingJson.Default.BookingReleasedEvent);
        return Booking(
            received,
            new WebhookBooking(fact.BookingId, fact.EventId, fact.UserId, fact.Status, fact.Quantity));
    }

    private static WebhookMessage TicketCancelled(ReceivedEvent received)
    {
        var fact = received.Read(TicketingJson.Default.TicketCancelledEvent);
        return Booking(received, new WebhookBooking(
            fact.BookingId, fact.EventId, fact.UserId, "confirmed", fact.Quantity, TicketId: fact.TicketId));
    }

    private static WebhookMessage CheckedIn(ReceivedEvent received)
    {
        var fact = received.Read(TicketingJson.Default.TicketCheckedInEvent);
        return CheckIn(received, fact.UserId, new WebhookCheckIn(
            fact.CheckInId, fact.EventId, fact.BookingId, fact.TicketId, fact.TicketTypeId, fact.At, fact.Gate));
    }

    private static WebhookMessage CheckInUndone(ReceivedEvent received)
    {
        var fact = received.Read(TicketingJson.Default.TicketCheckInUndoneEvent);
        return CheckIn(received, fact.UserId, new WebhookCheckIn(
            fact.CheckInId, fact.EventId, fact.BookingId, fact.TicketId, fact.TicketTypeId));
    }

    private static WebhookMessage CheckIn(ReceivedEvent received, Guid user, WebhookCheckIn checkIn) =>
        Message(received, checkIn, Json.WebhookCheckInBody) with { User = user, OfEvent = checkIn.EventId };

    private static WebhookMessage Paid(ReceivedEvent received)
    {
        var fact = received.Read(TicketingJson.Default.PaymentChangedEvent);
        var payment = new WebhookPayment(
            fact.PaymentId,
            fact.BookingId,
            fact.EventId,
            fact.UserId,
            fact.Change,
            fact.Provider,
            fact.Amount,
            fact.Currency);
        return Message(received, payment, Json.WebhookPaymentBody) with { User = fact.UserId, OfEvent = fact.EventId };
    }

    private static WebhookMessage Booking(ReceivedEvent received, WebhookBooking booking) =>
        Message(received, booking, Json.WebhookBookingBody) with { User = booking.UserId, OfEvent = booking.EventId };

    private static WebhookMessage Changed(ReceivedEvent received)
    {
        var fact = received.Read(TicketingJson.Default.EventChangedEvent);
        return Message(
            received,
            new WebhookEvent(
                fact.EventId,
                fact.OrganizerId,
                fact.Name,
                fact.Slug,
                fact.Venue,
                fact.StartAt,
                fact.EndAt,
                fact.TimeZone,
                fact.Status,
                fact.Version),
            Json.WebhookEventBody) with
        { User = fact.OrganizerId };
    }

    private static WebhookMessage Written(ReceivedEvent received)
    {
        var fact = received.Read(JournalJson.Default.EntryChangedEvent);
        return Message(
            received,
            new WebhookEntry(fact.EntryId, fact.UserId, fact.Mood, fact.Category, fact.Tags, fact.At, fact.Version),
            Json.WebhookEntryBody) with
        { User = fact.UserId, IsPrivate = true };
    }

    private static WebhookMessage Registered(ReceivedEvent received)
    {
        var fact = received.Read(IdentityJson.Default.UserRegisteredEvent);
        return Message(received, new WebhookUser(fact.UserId), Json.WebhookUserBody);
    }

    private static WebhookMessage Message<T>(ReceivedEvent received, T data, JsonTypeInfo<WebhookBody<T>> json) =>
        new(received.Id, received.Type, Serialize(received.Type, received.OccurredAt, data, json));

    private static string Serialize<T>(
        string type, DateTimeOffset at, T data, JsonTypeInfo<WebhookBody<T>> json) =>
        JsonSerializer.Serialize(new WebhookBody<T>(type, at, data), json);
}

/// <summary>What is sent, and whom it concerns beside those who get everything.</summary>
/// <param name="Id">Of the integration event; goes out as <c>webhook-id</c>.</param>
/// <param name="Body">JSON.</param>
internal sealed record WebhookMessage(Guid Id, string Type, string Body)
{
    /// <summary>Whose it is: the buyer, the organizer, the keeper of a journal.</summary>
    public Guid? User { get; init; }

    /// <summary>Nobody else is told, those who get everything included.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>The event it is about, where its organizer is concerned as well.</summary>
    public Guid? OfEvent { get; init; }
}
