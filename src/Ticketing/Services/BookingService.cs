using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;

namespace Gatehouse.Ticketing.Services;

internal sealed class BookingService(
    BookingLanes lanes,
    OwnBookings own,
    IBookingViewRepository views,
    BookingCancellation cancelling,
    GuestSecrets guests,
    GuestLimit limit,
    TicketingOptions options,
    TimeProvider time) : IBookings
{
    // A replay shows the secret, so that a key must not be guessed.
    private const int GuestKeyCharactersMin = 20;

    // Holds cost nothing but an address: a few guests must not keep a house.
    private const int GuestPlacesMax = 10;

    public Task<Result<PlacedBooking>> Place(
        Caller? caller, Guid eventId, PlaceBooking request, string? idempotencyKey, CancellationToken cancellation)
    {
        if (caller is null && !options.GuestBookings)
        {
            return Task.FromResult<Result<PlacedBooking>>(
                new Problem(ProblemCodes.Unauthenticated, "Sign in to book."));
        }

        var order = request.ToOrder(caller?.User);
        if (order.Failed(out var problem))
        {
            return Task.FromResult<Result<PlacedBooking>>(problem);
        }

        var idempotency = idempotencyKey is null
            ? null
            : new IdempotentRequest(order.Value.Buyer, idempotencyKey, order.Value.Fingerprint(eventId));
        var booking = new BookingRequest(new EventId(eventId), order.Value, idempotency, cancellation);
        return caller is null ? PlaceGuest(booking, cancellation) : lanes.Place(booking);
    }

    private async Task<Result<PlacedBooking>> PlaceGuest(BookingRequest booking, CancellationToken cancellation)
    {
        if (booking.Idempotency?.Key.Length < GuestKeyCharactersMin)
        {
            return new Problem(
                ProblemCodes.InvalidHeader,
                $"Idempotency-Key of a guest has {GuestKeyCharactersMin} characters or more; choose it at random.");
        }

        if (booking.Order.Places > GuestPlacesMax)
        {
            var faults = new Faults();
            faults.Add(
                booking.Order.Items is null ? "quantity" : "items",
                $"must be {GuestPlacesMax} places in all at most without an account");
            return faults.ToProblem();
        }

        if (await limit.Refusal(booking.Order.Buyer, cancellation) is { } refusal)
        {
            return refusal;
        }

        // The secret is in no stored answer: it is made anew for each.
        return (await lanes.Place(booking)).Map(placed => placed with
        {
            Booking = placed.Booking with { Secret = guests.Of(new BookingId(placed.Booking.Id)) },
        });
    }

    public Task<Page<BookingView>> List(Caller caller, PageRequest page, CancellationToken cancellation) =>
        views.List(caller.User, page, time.Now(), cancellation);

    public async Task<Result<BookingView>> Get(BookingAccess access, Guid id, CancellationToken cancellation) =>
        await own.Buyer(access, new BookingId(id), cancellation) is { } buyer &&
        await views.Find(buyer, new BookingId(id), time.Now(), cancellation) is { } view
            ? view
            : Problem.NotFound("booking");

    public async Task<Result<Done>> Cancel(BookingAccess access, Guid id, CancellationToken cancellation)
    {
        await using var taken = await own.Take(access, id, cancellation);
        if (taken is null)
        {
            return Problem.NotFound("booking");
        }

        if (!taken.Booking.IsLive)
        {
            return new Done();
        }

        if ((taken.Locked.Event.WhyNotCancel(taken.Locked.Now)
            ?? await cancelling.WhyNot(taken.Locked, taken.Booking)) is { } refusal)
        {
            return refusal;
        }

        await cancelling.Cancel(taken.Locked, taken.Booking);
        return new Done();
    }

    public async Task<Result<Done>> CancelTicket(
        BookingAccess access, Guid id, Guid ticketId, CancellationToken cancellation)
    {
        await using var taken = await own.Take(access, id, cancellation);
        if (taken is null)
        {
            return Problem.NotFound("booking");
        }

        var ticket = new TicketId(ticketId);
        if (taken.Booking.IsLive && (taken.Locked.Event.WhyNotCancel(taken.Locked.Now)
            ?? await cancelling.WhyNot(taken.Locked, taken.Booking, ticket)) is { } refusal)
        {
            return refusal;
        }

        return await cancelling.CancelTicket(taken.Locked, taken.Booking, ticket)
            ? new Done()
            : Problem.NotFound("ticket");
    }
}
