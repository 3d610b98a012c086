using Gatehouse.Contracts.Identity;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Authentication;
using Gatehouse.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Ticketing.Http;

internal static class EventBookingEndpoints
{
    public static void MapEventBookings(this IEndpointRouteBuilder endpoints)
    {
        var bookings = endpoints.MapGroup("/events/{id}/bookings").WithTags("Bookings")
            .RequireAuthorization(Permissions.EventsManage);
        bookings.MapDelete("/{bookingId}", Cancel).WithName("cancelEventBooking")
            .WithSummary("Cancels a booking of an event of yours, whenever it is.");
        bookings.MapDelete("/{bookingId}/tickets/{ticketId}", CancelTicket).WithName("cancelEventTicket")
            .WithSummary("Gives one place of a booking of an event of yours back.");
    }

    private static async Task<Results<NoContent, ProblemResult>> Cancel(
        RouteId id, RouteId bookingId, HttpContext context, IEventBookings bookings, CancellationToken cancellation)
    {
        var cancelled = await bookings.Cancel(context.User.Caller(), id.Value, bookingId.Value, cancellation);
        return cancelled.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemResult>> CancelTicket(
        RouteId id,
        RouteId bookingId,
        RouteId ticketId,
        HttpContext context,
        IEventBookings bookings,
        CancellationToken cancellation)
    {
        var cancelled = await bookings.CancelTicket(
            context.User.Caller(), id.Value, bookingId.Value, ticketId.Value, cancellation);
        return cancelled.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.NoContent();
    }
}
