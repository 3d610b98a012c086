namespace Gatehouse.Notifications.Services;

/// <summary>Someone who has an account, as mail needs to know them.</summary>
internal sealed record Recipient
{
    public required Guid UserId { get; init; }

    public required string Email { get; init; }

    public string? Name { get; init; }

    /// <summary>A language tag such as <c>en</c>; null where they have not said.</summary>
    public string? Language { get; init; }

    public required DateTimeOffset KnownAt { get; init; }
}

/// <summary>An event of the box office, as it was at the newest version that was heard of.</summary>
internal sealed record KnownEvent
{
    public const string Deleted = "deleted";
    public const string Cancelled = "cancelled";
    public const string Published = "published";

    public required Guid EventId { get; init; }

    public required Guid OrganizerId { get; init; }

    public required string Name { get; init; }

    public required string Slug { get; init; }

    public string? Venue { get; init; }

    public required DateTimeOffset StartAt { get; init; }

    public required DateTimeOffset EndAt { get; init; }

    /// <summary>IANA name of the zone of the venue.</summary>
    public required string TimeZone { get; init; }

    public required string Status { get; init; }

    public required int Version { get; init; }
}

/// <summary>A booking, as the newest fact that was heard of left it.</summary>
internal sealed record KnownBooking
{
    public const string Confirmed = "confirmed";

    public required Guid BookingId { get; init; }

    public required Guid EventId { get; init; }

    public required Guid UserId { get; init; }

    public required int Quantity { get; init; }

    public required string Status { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }
}
