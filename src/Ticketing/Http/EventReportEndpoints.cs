using Gatehouse.Contracts;
using Gatehouse.Contracts.Identity;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Authentication;
using Gatehouse.Foundation.Documents;
using Gatehouse.Foundation.Http;
using Gatehouse.Foundation.Limits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Ticketing.Http;

internal static class EventReportEndpoints
{
    public static readonly LimitPolicy ExportLimit = new(
        "booking-export", LimitBy.User, LimitAlgorithm.SlidingWindow, permits: 30, TimeSpan.FromHours(1));

    // A million bookings take less than one; what takes longer is a reader that does not read.
    private static readonly TimeSpan ExportDeadline = TimeSpan.FromMinutes(10);

    public static void MapEventReports(this IEndpointRouteBuilder endpoints)
    {
        var own = endpoints.MapGroup("/events/{id}").WithTags("Bookings")
            .RequireAuthorization(Permissions.EventsManage);
        own.MapGet("/stats", Stats).WithName("getEventStats")
            .WithSummary("How an event of yours sells, 5 s old at most.");
        own.MapGet("/bookings", List).WithName("listEventBookings")
            .WithSummary("Bookings of an event of yours, newest first.");
        own.MapGet("/bookings/{bookingId}", Get).WithName("getEventBooking")
            .WithSummary("One of them, with its tickets.");
        own.MapGet("/bookings.csv", Export).Produces<string>(StatusCodes.Status200OK, "text/csv")
            .WithName("exportEventBookings").RequireLimit(ExportLimit.Name).WithRequestTimeout(ExportDeadline)
            .WithSummary("All bookings of an event of yours as a table for spreadsheets.");
    }

    private static async Task<Results<Ok<EventStats>, ProblemResult>> Stats(
        RouteId id, HttpContext context, IEventReports reports, CancellationToken cancellation)
    {
        var stats = await reports.Stats(context.User.Caller(), id.Value, cancellation);
        return stats.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.Ok(stats.Value);
    }

    private static async Task<Results<Ok<ListAnswer<EventBookingView>>, ProblemResult>> List(
        RouteId id,
        EventBookingQuery query,
        HttpContext context,
        IEventReports reports,
        CancellationToken cancellation)
    {
        var page = await reports.Bookings(
            context.User.Caller(), id.Value, query.Filter, query.Request, cancellation);
        return page.Failed(out var problem)
            ? new ProblemResult(problem)
            : TypedResults.Ok(ListAnswer<EventBookingView>.From(page.Value));
    }

    private static async Task<Results<Ok<EventBookingView>, ProblemResult>> Get(
        RouteId id, RouteId bookingId, HttpContext context, IEventReports reports, CancellationToken cancellation)
    {
        var booking = await reports.Booking(context.User.Caller(), id.Value, bookingId.Value, cancellation);
        return booking.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.Ok(booking.Value);
    }

    private static async Task<Results<PushStreamHttpResult, ProblemResult>> Export(
        RouteId id, HttpContext context, IEventReports reports, CancellationToken cancellation)
    {
        var export = await reports.Export(context.User.Caller(), id.Value, cancellation);
        return export.Failed(out var problem)
            ? new ProblemResult(problem)
            : TypedResults.Stream(
                body => BookingsCsv.Write(body, export.Value.Bookings, cancellation),
                CsvFile.ContentType,
                $"{export.Value.Slug}-bookings.csv");
    }
}
