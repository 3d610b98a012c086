using Gatehouse.Contracts;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

/// <summary>
/// Turns what happened to bookings into what is told of it: records and integration events of Contracts.
/// </summary>
internal static class BookingFacts
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

    public static IReadOnlyList<IntegrationEvent> Of(
        IReadOnlyList<Booking> placed, IReadOnlyList<ReleasedBooking> lapsed, EventId of, DateTimeOffset now)
    {
        var facts = new List<IntegrationEvent>(placed.Count + lapsed.Count);
        foreach (var hold in lapsed)
        {
            facts.Add(Released(hold, of, BookingStatus.Expired, now));
        }

        foreach (var booking in placed)
        {
            facts.Add(Placed(booking, now));
        }

        return facts;
    }

    public static BookingReleasedEvent Released(
        ReleasedBooking booking, EventId of, BookingStatus status, DateTimeOffset now) =>
        new(Ids.New(now), now, booking.Id.Value, of.Value, booking.Buyer.Value, booking.Quantity, status.ToText());

    private static IntegrationEvent Placed(Booking booking, DateTimeOffset now) => booking.ExpiresAt is { } expires
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
            booking.Total.Currency.Code);
}
