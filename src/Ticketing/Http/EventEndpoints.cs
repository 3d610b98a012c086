using System.ComponentModel;
using System.Globalization;
using Gatehouse.Contracts;
using Gatehouse.Contracts.Identity;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Authentication;
using Gatehouse.Foundation.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Ticketing.Http;

internal static class EventEndpoints
{
    public static void MapEvents(this IEndpointRouteBuilder endpoints)
    {
        var events = endpoints.MapGroup("/events").WithTags("Events");
        events.MapGet("", List).WithName("listEvents").WithOptionalToken()
            .WithSummary("Published events that have not ended, by start; with mine=true your own, of any status.");
        events.MapGet("/{id}", Get).WithName("getEvent").WithOptionalToken().WithETag()
            .WithSummary("One event with its availability, a second old at most.");
        events.MapGet("/{id}/calendar.ics", Calendar).Produces<string>(StatusCodes.Status200OK, "text/calendar")
            .WithName("getEventCalendar").WithOptionalToken().WithETag()
            .WithSummary("One event as a calendar file.");
        events.MapPost("", Create).WithName("createEvent").RequireAuthorization(Permissions.EventsManage).WithETag()
            .WithSummary("Makes an event, as a draft unless told.");
        events.MapPatch("/{id}", Update).WithName("updateEvent").WithETag()
            .RequireAuthorization(Permissions.EventsManage)
            .WithSummary("Changes what is given of an event of yours.");
        events.MapDelete("/{id}", Delete).WithName("deleteEvent").RequireAuthorization(Permissions.EventsDelete)
            .WithSummary("Deletes an event that never had a booking.");
    }

    private static async Task<Results<Ok<ListAnswer<EventView>>, ProblemResult>> List(
        PageQuery page, EventQuery query, HttpContext context, IEvents events, CancellationToken cancellation)
    {
        if (!query.IsMine)
        {
            return TypedResults.Ok(
                ListAnswer<EventView>.From(await events.List(query.Filter, page.Request, cancellation)));
        }

        return context.User.CallerOrNull() is { } caller
            ? TypedResults.Ok(ListAnswer<EventView>.From(
                await events.ListOwn(caller, query.Filter, page.Request, cancellation)))
            : new ProblemResult(new Problem(ProblemCodes.Unauthenticated, "Sign in to see events of your own."));
    }

    private static async Task<Results<Ok<EventView>, StatusCodeHttpResult, ProblemResult>> Get(
        [Description("The id, or the slug.")] string id,
        HttpContext context,
        IEvents events,
        CancellationToken cancellation)
    {
        var view = await events.Get(context.User.CallerOrNull(), id, cancellation);
        if (view.Failed(out var problem))
        {
            return new ProblemResult(problem);
        }

        return Fresh(context, Tag(view.Value))
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Ok(view.Value);
    }

    private static async Task<Results<ContentHttpResult, StatusCodeHttpResult, ProblemResult>> Calendar(
        [Description("The id, or the slug.")] string id,
        HttpContext context,
        IEvents events,
        CancellationToken cancellation)
    {
        var calendar = await events.Calendar(context.User.CallerOrNull(), id, cancellation);
        if (calendar.Failed(out var problem))
        {
            return new ProblemResult(problem);
        }

        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{calendar.Value.Slug}.ics\"";
        return Fresh(context, IfMatch.Tag(calendar.Value.Version))
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Text(calendar.Value.File, "text/calendar; charset=utf-8");
    }

    private static async Task<Results<Created<EventView>, ProblemResult>> Create(
        JsonBody<CreateEvent> body, HttpContext context, IEvents events, CancellationToken cancellation)
    {
        var created = await events.Create(context.User.Caller(), body.Value, cancellation);
        if (created.Failed(out var problem))
        {
            return new ProblemResult(problem);
        }

        context.Response.Headers.ETag = Tag(created.Value);
        return TypedResults.Created($"/events/{created.Value.Id}", created.Value);
    }

    private static async Task<Results<Ok<EventView>, ProblemResult>> Update(
        RouteId id,
        IfMatch ifMatch,
        JsonBody<UpdateEvent> body,
        HttpContext context,
        IEvents events,
        CancellationToken cancellation) =>
        Answer(
            context,
            await events.Update(context.User.Caller(), id.Value, body.Value, ifMatch.Version, cancellation));

    private static async Task<Results<NoContent, ProblemResult>> Delete(
        RouteId id, HttpContext context, IEvents events, CancellationToken cancellation)
    {
        var deleted = await events.Delete(context.User.Caller(), id.Value, cancellation);
        return deleted.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.NoContent();
    }

    private static Results<Ok<EventView>, ProblemResult> Answer(HttpContext context, Result<EventView> view)
    {
        if (view.Failed(out var problem))
        {
            return new ProblemResult(problem);
        }

        context.Response.Headers.ETag = Tag(view.Value);
        return TypedResults.Ok(view.Value);
    }

    // Places go and an event ends without a new version.
    private static string Tag(EventView view) => string.Create(
        CultureInfo.InvariantCulture,
        $"\"{view.Version}.{view.Available}{(view.Status == "ended" ? ".ended" : "")}\"");

    // Kept by nobody without asking: a draft is its organizer's, and places go.
    private static bool Fresh(HttpContext context, string tag)
    {
        context.Response.Headers.ETag = tag;
        context.Response.Headers.CacheControl = "private, no-cache";
        return context.Request.Headers.IfNoneMatch.ToString().Split(',').Any(known => known.Trim() == tag);
    }
}
