using Gatehouse.Contracts.Identity;
using Gatehouse.Contracts.Ticketing;

namespace Gatehouse.Notifications.Services;

/// <summary>What integration events say, in the words of the read model.</summary>
internal static class ReadModelFacts
{
    public static Recipient ToKnown(this UserRegisteredEvent fact) => new()
    {
        UserId = fact.UserId,
        Email = fact.Email,
        Name = fact.Name,
        Language = fact.Language,
        KnownAt = fact.OccurredAt,
    };

    public static Recipient ToKnown(this UserProfileChangedEvent fact) => new()
    {
        UserId = fact.UserId,
        Email = fact.Email,
        Name = fact.Name,
        Language = fact.Language,
        KnownAt = fact.OccurredAt,
    };

    public static KnownEvent ToKnown(this EventChangedEvent fact) => new()
    {
        EventId = fact.EventId,
        OrganizerId = fact.OrganizerId,
        Name = fact.Name,
        Slug = fact.Slug,
        Venue = fact.Venue,
        StartAt = fact.StartAt,
        EndAt = fact.EndAt,
        TimeZone = fact.TimeZone,
        Status = fact.Change == KnownEvent.Deleted ? KnownEvent.Deleted : fact.Status,
        Version = fact.Version,
    };

    public static KnownBooking ToKnown(this BookingConfirmedEvent fact) => new()
    {
        BookingId = fact.BookingId,
        EventId = fact.EventId,
        UserId = fact.UserId,
        Quantity = fact.Quantity,
        Status = KnownBooking.Confirmed,
        ChangedAt = fact.OccurredAt,
    };

    public static KnownBooking ToKnown(this BookingReleasedEvent fact) => new()
    {
        BookingId = fact.BookingId,
        EventId = fact.EventId,
        UserId = fact.UserId,
        Quantity = fact.Quantity,
        Status = fact.Status,
        ChangedAt = fact.OccurredAt,
    };
}
