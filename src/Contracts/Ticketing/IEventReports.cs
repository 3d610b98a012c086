using Gatehouse.Kernel;

namespace Gatehouse.Contracts.Ticketing;

/// <summary>
/// What the organizer of an event, and administrators, see of its sale; to anyone else the event is <c>not_found</c>.
/// </summary>
public interface IEventReports
{
    /// <summary>Numbers that are at most 5 s old. Code: <c>not_found</c>.</summary>
    Task<Result<EventStats>> Stats(Caller caller, Guid eventId, CancellationToken cancellation);

    /// <summary>Its bookings, newest first, by keyset. Code: <c>not_found</c>.</summary>
    Task<Result<Page<EventBookingView>>> Bookings(
        Caller caller, Guid eventId, EventBookingFilter filter, PageRequest page, CancellationToken cancellation);

    /// <summary>One of them, with its tickets. Code: <c>not_found</c>.</summary>
    Task<Result<EventBookingView>> Booking(Caller caller, Guid eventId, Guid id, CancellationToken cancellation);

    /// <summary>All of them in the order they were made, read as they are taken. Code: <c>not_found</c>.</summary>
    Task<Result<BookingExport>> Export(Caller caller, Guid eventId, CancellationToken cancellation);
}

/// <summary>Which bookings of an event; null asks for any.</summary>
/// <param name="Search">How the code, the e-mail address or the name begins, in any case; to 100 characters.</param>
/// <param name="Status">As it is stored: <c>held</c>, <c>confirmed</c>, <c>cancelled</c> or <c>expired</c>.</param>
public sealed record EventBookingFilter(string? Search, string? Status);

/// <param name="Slug">Of the event, for the name of a file.</param>
/// <param name="Bookings">Without tickets.</param>
public sealed record BookingExport(string Slug, IAsyncEnumerable<EventBookingView> Bookings);

/// <summary>
/// A booking as the organizer sees it: without the codes of its tickets, which admit whoever has them.
/// </summary>
/// <param name="Email">Where its tickets go, if that was said with the booking.</param>
/// <param name="Name">Who comes, if that was said with the booking.</param>
/// <param name="Tickets">Absent in lists.</param>
/// <param name="Payments">Oldest first; absent in lists, and where there are none.</param>
public sealed record EventBookingView(
    Guid Id,
    string Code,
    string Status,
    int Quantity,
    long Total,
    string Currency,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    string? Email,
    string? Name,
    IReadOnlyList<BookingItemView> Items,
    IReadOnlyList<EventTicketView>? Tickets,
    IReadOnlyList<PaymentView>? Payments = null);

/// <param name="Status"><c>valid</c> or <c>void</c>.</param>
public sealed record EventTicketView(Guid Id, Guid TicketTypeId, string Status);

/// <summary>How an event sells.</summary>
/// <param name="AsOf">When it was counted.</param>
/// <param name="Capacity">Places in all; of them so many sold, held, and left.</param>
/// <param name="Revenue">Of the places that are sold, in minor units, at the price they were booked for.</param>
/// <param name="Bookings">How many there are of each status.</param>
/// <param name="CheckedIn">Tickets that are checked in now.</param>
/// <param name="Days">By day in the event's zone on which confirmed bookings were made, oldest first.</param>
public sealed record EventStats(
    DateTimeOffset AsOf,
    string Status,
    int Capacity,
    int Sold,
    int Held,
    int Left,
    long Revenue,
    string Currency,
    BookingCounts Bookings,
    int CheckedIn,
    IReadOnlyList<TicketTypeStats> Types,
    IReadOnlyList<DayStats> Days,
    IReadOnlyList<MinuteStats> CheckIns);

/// <summary>How many of those that are checked in now were so in a minute.</summary>
public sealed record MinuteStats(DateTimeOffset At, int CheckedIn);

public sealed record BookingCounts(int Held, int Confirmed, int Cancelled, int Expired);

/// <param name="Left">What may still be booked of it: the least that is left in its pools.</param>
public sealed record TicketTypeStats(Guid TicketTypeId, string Name, int Sold, int Held, int Left, long Revenue);

/// <param name="Bookings">Confirmed ones that were made on that day.</param>
public sealed record DayStats(DateOnly Date, int Bookings, int Places, long Revenue);
