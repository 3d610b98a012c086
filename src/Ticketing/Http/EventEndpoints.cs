using System.ComponentModel;
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
            .WithSummary("One event with live availability.");
        events.MapPost("", Create).WithName("createEvent").RequireAuthorization(Permissions.EventsManage).WithETag()
            .WithSummary("Makes an event, as a draft unless told.");
        events.MapPatch("/{id}", Update).WithName("updateEvent").WithETag()
            .RequireAuthorization(Permissions.EventsManage)
            .WithSummary("Changes what is given of an event of yours.");
        events.MapDelete("/{id}", Delete).WithName("deleteEvent").RequireAuthorization(Permissions.EventsDelete)
            .WithSummary("Deletes an event that never had a booking.");
    }

    private static async Task<Results<Ok<ListAnswer<EventView>>, ProblemResult>> List(
        PageQuery page,
        [Description("`true`: your own, of any status; needs a token.")] string? mine,
        HttpContext context,
        IEvents events,
        CancellationToken cancellation)
    {
        if (!bool.TryParse(mine ?? "false", out var isMine))
        {
            var faults = new Faults();
            faults.Add("mine", "must be true or false");
            return new ProblemResult(faults.ToProblem(ProblemCodes.InvalidQuery));
        }

        if (!isMine)
        {
            return TypedResults.Ok(ListAnswer<EventView>.From(await events.List(page.Request, cancellation)));
        }

        return context.User.CallerOrNull() is { } caller
            ? TypedResults.Ok(ListAnswer<EventView>.From(await events.ListOwn(caller, page.Request, cancellation)))
            : new ProblemResult(new Problem(ProblemCodes.Unauthenticated, "Sign in to see events of your own."));
    }

    private static async Task<Results<Ok<EventView>, ProblemResult>> Get(
        [Description("The id, or the slug.")] string id,
        HttpContext context,
        IEvents events,
        CancellationToken cancellation) =>
        Answer(context, await events.Get(context.User.CallerOrNull(), id, cancellation));

    private static async Task<Results<Created<EventView>, ProblemResult>> Create(
        JsonBody<CreateEvent> body, HttpContext context, IEvents events, CancellationToken cancellation)
    {
        var created = await events.Create(context.User.Caller(), body.Value, cancellation);
        if (created.Failed(out var problem))
        {
            return new ProblemResult(problem);
        }

        context.Response.Headers.ETag = IfMatch.Tag(created.Value.Version);
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

        context.Response.Headers.ETag = IfMatch.Tag(view.Value.Version);
        return TypedResults.Ok(view.Value);
    }
}
