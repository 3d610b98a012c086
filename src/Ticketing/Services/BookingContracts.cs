using Gatehouse.Contracts;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

/// <summary>
/// Turns what happened to bookings into what is told of it: records and integration events of Contracts.
/// </summary>
internal static class BookingContracts
{
    public static BookingView ToContract(this Booking booking) => new(
        booking.Id.Value,
        booking.Code,
        booking.Status.ToText(),
        booking.Event.Value,
        booking.Quantity,
        booking.Total.Minor,
        booking.Total.Currency.Code,
        booking.CreatedAt,
        booking.ExpiresAt,
        booking.Tickets.Count == 0 ? [] : [.. booking.Tickets.Select(t => new TicketView(t.Id.Value, t.Code))]);

    /// <summary>That its places were given back, by its buyer or by time.</summary>
    public static IntegrationEvent ToReleased(this Booking booking, DateTimeOffset now) => new BookingReleasedEvent(
        Ids.New(now),
        now,
        booking.Id.Value,
        booking.Event.Value,
        booking.Buyer.Value,
        booking.Quantity,
        booking.Status.ToText());

    /// <summary>That it was confirmed, or is held.</summary>
    public static IntegrationEvent ToPlaced(this Booking booking, DateTimeOffset now) =>
        booking.ExpiresAt is { } expires
        ? new BookingHeldEvent(
            Ids.New(now),
            now,
            booking.Id.Value,
            booking.Event.Value,
            booking.Buyer.Value,
            booking.Quantity,
            booking.Total.Minor,
            booking.Total.Currency.Code,
            expires)
        : new BookingConfirmedEvent(
            Ids.New(now),
            now,
            booking.Id.Value,
            booking.Event.Value,
            booking.Buyer.Value,
            booking.Quantity,
            booking.Total.Minor,
            booking.Total.Currency.Code,
            booking.Code,
            [.. booking.Tickets.Select(t => t.Code)]);
}
