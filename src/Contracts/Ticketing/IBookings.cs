using System.Text.Json.Serialization;
using Gatehouse.Contracts.Json;
using Gatehouse.Kernel;

namespace Gatehouse.Contracts.Ticketing;

/// <summary>Bookings of places. Someone else's booking is answered like an unknown one: <c>not_found</c>.</summary>
public interface IBookings
{
    /// <summary>
    /// Takes places of one or more ticket types, all or none, first come first served; answers after they are durable.
    /// With an idempotency key (1 to 255 characters, the caller's own, kept 24 h) a repeated call answers what the
    /// first one did. A refusal is not remembered. Codes: <c>not_found</c>, <c>validation_failed</c>, <c>sold_out</c>
    /// (with <c>available</c>),
    /// <c>event_not_on_sale</c>, <c>ticket_type_not_on_sale</c>, <c>buyer_limit</c> (with <c>left</c>),
    /// <c>event_started</c>, <c>idempotency_mismatch</c>, <c>busy</c>; of guests (<c>caller</c> is null)
    /// <c>unauthenticated</c> where the installation has none, and <c>invalid_header</c> for a key under 20 characters,
    /// since whoever knows it and the address is shown the booking's secret.
    /// </summary>
    Task<Result<PlacedBooking>> Place(
        Caller? caller, Guid eventId, PlaceBooking request, string? idempotencyKey, CancellationToken cancellation);

    /// <summary>The caller's bookings, newest first.</summary>
    Task<Page<BookingView>> List(Caller caller, PageRequest page, CancellationToken cancellation);

    Task<Result<BookingView>> Get(BookingAccess access, Guid id, CancellationToken cancellation);

    /// <summary>
    /// Gives the places back at once, until the event's deadline. Doing it again changes nothing. Codes:
    /// <c>not_found</c>, <c>event_started</c>, <c>cancellation_closed</c>, <c>ticket_checked_in</c>.
    /// </summary>
    Task<Result<Done>> Cancel(BookingAccess access, Guid id, CancellationToken cancellation);

    /// <summary>
    /// Gives one place of a confirmed booking back; with the last one the booking is cancelled. Doing it again changes
    /// nothing. Codes as of <see cref="Cancel"/>.
    /// </summary>
    Task<Result<Done>> CancelTicket(
        BookingAccess access, Guid id, Guid ticketId, CancellationToken cancellation);
}

/// <summary>
/// Bookings of an event, for its organizer and administrators; to anyone else the event is <c>not_found</c>.
/// </summary>
public interface IEventBookings
{
    /// <summary>
    /// Gives the places back, whenever it is. Doing it again changes nothing. Codes: <c>not_found</c>,
    /// <c>ticket_checked_in</c>.
    /// </summary>
    Task<Result<Done>> Cancel(Caller caller, Guid eventId, Guid id, CancellationToken cancellation);

    /// <summary>The same of one place. Codes: <c>not_found</c>, <c>ticket_checked_in</c>.</summary>
    Task<Result<Done>> CancelTicket(
        Caller caller, Guid eventId, Guid id, Guid ticketId, CancellationToken cancellation);
}

/// <summary>What a buyer asks for: items, or a quantity where the event has one ticket type.</summary>
/// <param name="Quantity">Places of the only type, 1 to 100; 1 unless given.</param>
/// <param name="Items">1 to 50, each of another type; 1 to 100 places in all.</param>
/// <param name="Email">Where the tickets go: the account's address unless given; required of guests.</param>
/// <param name="Name">Who comes, 1 to 100 characters.</param>
// Parameters, because generated JSON code gives an init property that is absent 0 in place of its initializer.
public sealed record PlaceBooking(
    [property: JsonConverter(typeof(OptionalConverter<int>))]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    Optional<int> Quantity = default,
    IReadOnlyList<PlaceBookingItem?>? Items = null,
    string? Email = null,
    string? Name = null);

/// <summary>Places of one type.</summary>
/// <param name="TicketTypeId">A type that the event offers.</param>
/// <param name="Quantity">1 to 100, within what the type allows; 1 unless given.</param>
public sealed record PlaceBookingItem(Guid? TicketTypeId = null, int Quantity = 1);

/// <summary>A booking, and whether it is the answer of an earlier call with the same key.</summary>
public sealed record PlacedBooking(BookingView Booking, bool Replayed);

/// <summary>One buyer's booking.</summary>
/// <param name="Code">10 characters to read out; unique within the event.</param>
/// <param name="Status"><c>held</c>, <c>confirmed</c>, <c>cancelled</c> or <c>expired</c>.</param>
/// <param name="Total">In minor units.</param>
/// <param name="ExpiresAt">When a held booking gives its places back; absent otherwise.</param>
/// <param name="Tickets">One a place once confirmed; empty while held.</param>
/// <param name="Items">What was booked, type by type.</param>
/// <param name="Email">Where its tickets go, if that was said.</param>
/// <param name="Name">Who comes, if that was said.</param>
/// <param name="Payments">Oldest first; absent where there are none.</param>
/// <param name="Secret">In the answer to a guest who booked, and nowhere else: it opens this booking.</param>
public sealed record BookingView(
    Guid Id,
    string Code,
    string Status,
    Guid EventId,
    int Quantity,
    long Total,
    string Currency,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    IReadOnlyList<TicketView> Tickets,
    IReadOnlyList<BookingItemView> Items,
    string? Email,
    string? Name,
    IReadOnlyList<PaymentView>? Payments = null,
    string? Secret = null);

/// <summary>Places of one type in a booking.</summary>
/// <param name="Quantity">That it has, or had when it ended.</param>
/// <param name="Price">Of one place when it was booked, in minor units.</param>
public sealed record BookingItemView(Guid TicketTypeId, string TicketType, int Quantity, long Price);

/// <summary>One place of a confirmed booking.</summary>
/// <param name="Code">Shown at the door: 168 letters and digits, signed; 26 random ones of earlier releases.</param>
/// <param name="ShortCode">The code of the booking and the number of the ticket in it, to read out.</param>
public sealed record TicketView(Guid Id, string Code, Guid TicketTypeId, string? ShortCode = null);
