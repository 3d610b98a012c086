using System.Globalization;
using Gatehouse.Contracts;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;
using Gatehouse.Ticketing.Domain;

namespace Gatehouse.Ticketing.Services;

/// <summary>
/// Turns what happened to bookings into what is told of it: records and integration events of Contracts.
/// </summary>
internal static class BookingContracts
{
    private const int NameCharactersMax = 100;

    /// <summary>What is asked for, checked as far as that can be done without the event.</summary>
    /// <param name="request">What was sent.</param>
    /// <param name="account">Null of a guest.</param>
    public static Result<BookingOrder> ToOrder(this PlaceBooking request, UserId? account)
    {
        var faults = new Faults();
        // A null among them has no places, which is refused by its field.
        var items = request.Items?
            .Select(item => new OrderItem(new TicketTypeId(item?.TicketTypeId ?? Guid.Empty), item?.Quantity ?? 0))
            .ToList();
        int? quantity = request.Quantity.IsGiven ? request.Quantity.Given : null;
        BookingLines.Check(items, quantity, faults);
        var email = request.Email is null && account is not null ? null : EmailAddress.Parse(request.Email, faults);
        var name = request.Name is null ? null : faults.Text("name", request.Name, 1, NameCharactersMax);
        return faults.Any
            ? faults.ToProblem()
            : new BookingOrder(account ?? Guests.Of(email!), items, quantity)
            {
                Email = email?.Text,
                Name = name,
                IsGuest = account is null,
            };
    }

    /// <summary>The same for two orders that ask for the same, in whatever order they name it.</summary>
    public static string Fingerprint(this BookingOrder order, Guid of)
    {
        object places = order.Items is { } items
            ? string.Join(',', items.Select(item => $"{item.Type}:{item.Quantity}").Order())
            : order.Quantity ?? 1;
        return order is { Email: null, Name: null }
            ? IdempotentRequest.Hash("bookings", of, places)
            : IdempotentRequest.Hash("bookings", of, places, order.Email ?? "", order.Name ?? "");
    }

    public static BookingView ToContract(this Booking booking, Offer offer) => new(
        booking.Id.Value,
        booking.Code,
        booking.Status.ToText(),
        booking.Event.Value,
        booking.Quantity,
        booking.Total.Minor,
        booking.Total.Currency.Code,
        booking.CreatedAt,
        booking.ExpiresAt,
        [.. booking.Tickets.Select((t, index) => new TicketView(
            t.Id.Value, t.Code, t.Type.Value, string.Create(
                CultureInfo.InvariantCulture, $"{booking.Code}-{index + 1}")))],
        [.. booking.Lines.Select(line => new BookingItemView(
            line.Type.Value, offer.Find(line.Type)!.Details.Name, line.Places, line.Price))],
        booking.Email,
        booking.Name);

    /// <summary>That its places were given back, by somebody or by time.</summary>
    public static IntegrationEvent ToReleased(this Booking booking, DateTimeOffset now, string? reason = null) =>
        new BookingReleasedEvent(
            Ids.New(now),
            now,
            booking.Id.Value,
            booking.Event.Value,
            booking.Buyer.Value,
            booking.Quantity,
            booking.Status.ToText(),
            booking.Email,
            booking.Name,
            reason);

    /// <summary>That one of its tickets was given back, and it goes on with the others.</summary>
    public static IntegrationEvent ToShrunk(this Booking booking, TicketId ticket, DateTimeOffset now) =>
        new TicketCancelledEvent(
            Ids.New(now),
            now,
            booking.Id.Value,
            booking.Event.Value,
            booking.Buyer.Value,
            ticket.Value,
            booking.Quantity);

    /// <summary>That it was confirmed, or is held.</summary>
    public static IntegrationEvent ToPlaced(this Booking booking, LockedEvent locked) =>
        booking.ExpiresAt is { } expires
        ? new BookingHeldEvent(
            Ids.New(locked.Now),
            locked.Now,
            booking.Id.Value,
            booking.Event.Value,
            booking.Buyer.Value,
            booking.Quantity,
            booking.Total.Minor,
            booking.Total.Currency.Code,
            expires)
        : new BookingConfirmedEvent(
            Ids.New(locked.Now),
            locked.Now,
            booking.Id.Value,
            booking.Event.Value,
            booking.Buyer.Value,
            booking.Quantity,
            booking.Total.Minor,
            booking.Total.Currency.Code,
            booking.Code,
            [.. booking.Tickets.Select(t => t.Code)],
            booking.Email,
            booking.Name,
            TicketTypes: [.. booking.Tickets.Select(t => locked.Offer.Find(t.Type)!.Details.Name)],
            Address: locked.Event.Details.Address);
}
