namespace Gatehouse.Ticketing.Domain;

/// <summary>In the order in which an event may pass them; it may skip, and never goes back.</summary>
internal enum EventStatus
{
    Draft,
    Published,
    Cancelled,
}

internal static class EventStatuses
{
    public static string ToText(this EventStatus status) => status switch
    {
        EventStatus.Draft => "draft",
        EventStatus.Published => "published",
        EventStatus.Cancelled => "cancelled",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    /// <summary>As it is shown: one that is over has ended, whatever it was published as.</summary>
    public static string ToText(this EventStatus status, DateTimeOffset endAt, DateTimeOffset now) =>
        status == EventStatus.Published && now >= endAt ? "ended" : status.ToText();

    public static EventStatus? Parse(string? text) => text switch
    {
        "draft" => EventStatus.Draft,
        "published" => EventStatus.Published,
        "cancelled" => EventStatus.Cancelled,
        _ => null,
    };
}
