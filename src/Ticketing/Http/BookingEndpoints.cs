using Gatehouse.Contracts;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Authentication;
using Gatehouse.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Ticketing.Http;

internal static class BookingEndpoints
{
    private const int BodyBytesMax = 16 * 1024;

    public static void MapBookings(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/events/{id}/bookings", Place).WithTags("Bookings").WithOptionalToken()
            .WithMetadata(new RequestSizeLimitAttribute(BodyBytesMax))
            .WithName("placeBooking")
            .WithSummary("Books places; with Idempotency-Key a repeated call is answered like the first.");
        var bookings = endpoints.MapGroup("/bookings").WithTags("Bookings");
        bookings.MapGet("", List).RequireAuthorization()
            .WithName("listBookings").WithSummary("Your bookings, newest first.");
        bookings.MapGet("/{id}", Get).WithOptionalToken().WithName("getBooking").WithSummary("One booking of yours.");
        bookings.MapDelete("/{id}", Cancel).WithOptionalToken().WithName("cancelBooking")
            .WithSummary("Cancels a booking of yours; its places are free at once.");
        bookings.MapDelete("/{id}/tickets/{ticketId}", CancelTicket).WithOptionalToken().WithName("cancelTicket")
            .WithSummary("Gives one place of a booking of yours back.");
    }

    private static async Task<Results<Created<BookingView>, ProblemResult>> Place(
        RouteId id,
        IdempotencyKey idempotencyKey,
        JsonBody<PlaceBooking> body,
        HttpContext context,
        IBookings bookings,
        CancellationToken cancellation)
    {
        var placed = await bookings.Place(
            await context.SoundCallerOrNull(), id.Value, body.Value, idempotencyKey.Value, cancellation);
        if (placed.Failed(out var problem))
        {
            return new ProblemResult(problem);
        }

        if (placed.Value.Replayed)
        {
            context.Response.Headers[IdempotencyKey.ReplayedHeader] = "true";
        }

        context.Response.Headers.CacheControl = "no-store";
        var booking = placed.Value.Booking;
        return TypedResults.Created($"/bookings/{booking.Id}", booking);
    }

    private static async Task<Ok<ListAnswer<BookingView>>> List(
        PageQuery page, HttpContext context, IBookings bookings, CancellationToken cancellation) =>
        TypedResults.Ok(ListAnswer<BookingView>.From(
            await bookings.List(context.User.Caller(), page.Request, cancellation)));

    private static async Task<Results<Ok<BookingView>, ProblemResult>> Get(
        RouteId id, BookingCaller caller, IBookings bookings, CancellationToken cancellation)
    {
        var booking = await bookings.Get(caller.Access, id.Value, cancellation);
        return booking.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.Ok(booking.Value);
    }

    private static async Task<Results<NoContent, ProblemResult>> Cancel(
        RouteId id, BookingCaller caller, IBookings bookings, CancellationToken cancellation)
    {
        var cancelled = await bookings.Cancel(caller.Access, id.Value, cancellation);
        return cancelled.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemResult>> CancelTicket(
        RouteId id, RouteId ticketId, BookingCaller caller, IBookings bookings, CancellationToken cancellation)
    {
        var cancelled = await bookings.CancelTicket(caller.Access, id.Value, ticketId.Value, cancellation);
        return cancelled.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.NoContent();
    }
}
