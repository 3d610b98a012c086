using Gatehouse.Contracts.Ticketing;
using Gatehouse.Kernel;

namespace Gatehouse.Ticketing.Services;

/// <summary>Reads what was booked of an event, for its organizer.</summary>
internal interface IEventReportRepository
{
    /// <summary>Null where it is unknown, or someone else's.</summary>
    /// <param name="id">The event.</param>
    /// <param name="organizer">Whose it must be; anyone's where it is null.</param>
    /// <param name="cancellation">Ends it.</param>
    Task<string?> FindSlug(EventId id, UserId? organizer, CancellationToken cancellation);

    /// <summary>Newest first, and one more than the page has where there is one.</summary>
    Task<IReadOnlyList<EventBookingView>> List(
        EventId of, EventBookingFilter filter, PageRequest page, DateTimeOffset now, CancellationToken cancellation);

    Task<EventBookingView?> Find(EventId of, BookingId id, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>In the order of their ids, after that one.</summary>
    Task<IReadOnlyList<EventBookingView>> After(
        EventId of, BookingId id, int limit, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>How many bookings there are, by status and the quarter of an hour they were made in.</summary>
    Task<IReadOnlyList<BookingSum>> CountBookings(EventId of, CancellationToken cancellation);

    /// <summary>
    /// Places of held and confirmed bookings and their price, by type, status and the quarter of an hour.
    /// </summary>
    Task<IReadOnlyList<PlaceSum>> SumPlaces(EventId of, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>By minute, those that were not undone; in the order of time.</summary>
    Task<IReadOnlyList<MinuteStats>> CountCheckIns(EventId of, CancellationToken cancellation);
}

/// <param name="At">The beginning of a quarter of an hour: a day begins with one in every time zone.</param>
internal sealed record BookingSum(string Status, DateTimeOffset At, int Bookings);

/// <inheritdoc cref="BookingSum"/>
internal sealed record PlaceSum(TicketTypeId Type, string Status, DateTimeOffset At, int Places, long Revenue);
