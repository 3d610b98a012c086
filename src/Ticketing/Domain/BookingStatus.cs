namespace Gatehouse.Ticketing.Domain;

internal enum BookingStatus
{
    Held,
    Confirmed,
    Cancelled,
    Expired,
}

internal static class BookingStatuses
{
    public static string ToText(this BookingStatus status) => status switch
    {
        BookingStatus.Held => "held",
        BookingStatus.Confirmed => "confirmed",
        BookingStatus.Cancelled => "cancelled",
        BookingStatus.Expired => "expired",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    public static BookingStatus Parse(string text) => text switch
    {
        "held" => BookingStatus.Held,
        "confirmed" => BookingStatus.Confirmed,
        "cancelled" => BookingStatus.Cancelled,
        "expired" => BookingStatus.Expired,
        _ => throw new ArgumentOutOfRangeException(nameof(text), text, null),
    };
}
