using Gatehouse.Contracts.Identity;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Authentication;
using Gatehouse.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Ticketing.Http;

internal static class TicketTypeEndpoints
{
    public static void MapTicketTypes(this IEndpointRouteBuilder endpoints)
    {
        var types = endpoints.MapGroup("/events/{id}/ticket-types").WithTags("Events");
        types.MapGet("", List).WithName("listTicketTypes").WithOptionalToken()
            .WithSummary("What the event sells, in its order; to its organizer archived types too.");
        types.MapPost("", Create).WithName("createTicketType").RequireAuthorization(Permissions.EventsManage)
            .WithSummary("Adds a ticket type; with capacity it gets a pool of its own.");
        types.MapPatch("/{typeId}", Update).WithName("updateTicketType").RequireAuthorization(Permissions.EventsManage)
            .WithSummary("Changes what is given, for bookings made from now on.");
        types.MapDelete("/{typeId}", Delete).WithName("deleteTicketType").RequireAuthorization(Permissions.EventsManage)
            .WithSummary("Deletes a type that was never booked, archives one that was.");

        var pools = endpoints.MapGroup("/events/{id}/pools").WithTags("Events")
            .RequireAuthorization(Permissions.EventsManage);
        pools.MapGet("", ListPools).WithName("listPools").WithSummary("Pools beside the event's own capacity.");
        pools.MapPost("", CreatePool).WithName("createPool").WithSummary("Adds a pool that ticket types can share.");
        pools.MapPatch("/{poolId}", UpdatePool).WithName("updatePool").WithSummary("Renames or resizes a pool.");
        pools.MapDelete("/{poolId}", DeletePool).WithName("deletePool")
            .WithSummary("Deletes a pool that no ticket type draws on.");
    }

    private static async Task<Results<Ok<TicketTypeList>, ProblemResult>> List(
        RouteId id, HttpContext context, ITicketTypes types, CancellationToken cancellation)
    {
        var list = await types.List(context.User.CallerOrNull(), id.Value, cancellation);
        return list.Failed(out var problem)
            ? new ProblemResult(problem)
            : TypedResults.Ok(new TicketTypeList(list.Value));
    }

    private static async Task<Results<Created<TicketTypeView>, ProblemResult>> Create(
        RouteId id,
        JsonBody<CreateTicketType> body,
        HttpContext context,
        ITicketTypes types,
        CancellationToken cancellation)
    {
        var created = await types.Create(context.User.Caller(), id.Value, body.Value, cancellation);
        return created.Failed(out var problem)
            ? new ProblemResult(problem)
            : TypedResults.Created($"/events/{id.Value}/ticket-types/{created.Value.Id}", created.Value);
    }

    private static async Task<Results<Ok<TicketTypeView>, ProblemResult>> Update(
        RouteId id,
        RouteId typeId,
        JsonBody<UpdateTicketType> body,
        HttpContext context,
        ITicketTypes types,
        CancellationToken cancellation)
    {
        var updated = await types.Update(
            context.User.Caller(), id.Value, typeId.Value, body.Value, cancellation);
        return updated.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.Ok(updated.Value);
    }

    private static async Task<Results<NoContent, ProblemResult>> Delete(
        RouteId id, RouteId typeId, HttpContext context, ITicketTypes types, CancellationToken cancellation)
    {
        var deleted = await types.Delete(context.User.Caller(), id.Value, typeId.Value, cancellation);
        return deleted.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.NoContent();
    }

    private static async Task<Results<Ok<PoolList>, ProblemResult>> ListPools(
        RouteId id, HttpContext context, ITicketTypes types, CancellationToken cancellation)
    {
        var list = await types.ListPools(context.User.Caller(), id.Value, cancellation);
        return list.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.Ok(new PoolList(list.Value));
    }

    private static async Task<Results<Created<PoolView>, ProblemResult>> CreatePool(
        RouteId id,
        JsonBody<PoolRequest> body,
        HttpContext context,
        ITicketTypes types,
        CancellationToken cancellation)
    {
        var created = await types.CreatePool(context.User.Caller(), id.Value, body.Value, cancellation);
        return created.Failed(out var problem)
            ? new ProblemResult(problem)
            : TypedResults.Created($"/events/{id.Value}/pools/{created.Value.Id}", created.Value);
    }

    private static async Task<Results<Ok<PoolView>, ProblemResult>> UpdatePool(
        RouteId id,
        RouteId poolId,
        JsonBody<PoolRequest> body,
        HttpContext context,
        ITicketTypes types,
        CancellationToken cancellation)
    {
        var updated = await types.UpdatePool(
            context.User.Caller(), id.Value, poolId.Value, body.Value, cancellation);
        return updated.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.Ok(updated.Value);
    }

    private static async Task<Results<NoContent, ProblemResult>> DeletePool(
        RouteId id, RouteId poolId, HttpContext context, ITicketTypes types, CancellationToken cancellation)
    {
        var deleted = await types.DeletePool(context.User.Caller(), id.Value, poolId.Value, cancellation);
        return deleted.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.NoContent();
    }
}
