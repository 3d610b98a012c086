using Gatehouse.Contracts.Identity;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Authentication;
using Gatehouse.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Ticketing.Http;

internal static class DoorTokenEndpoints
{
    public static void MapDoorTokens(this IEndpointRouteBuilder endpoints)
    {
        var tokens = endpoints.MapGroup("/events/{id}/door-tokens").WithTags("Check-in")
            .RequireAuthorization(Permissions.EventsManage);
        tokens.MapPost("", Create).WithName("createDoorToken")
            .WithSummary("Makes a token for the door of an event of yours; it is shown this once.");
        tokens.MapGet("", List).WithName("listDoorTokens").WithSummary("Its door tokens, newest first.");
        tokens.MapDelete("/{tokenId}", Delete).WithName("deleteDoorToken")
            .WithSummary("Deletes a door token: it opens nothing from now on.");
    }

    private static async Task<Results<Created<NewDoorToken>, ProblemResult>> Create(
        RouteId id,
        JsonBody<CreateDoorToken> body,
        HttpContext context,
        IDoorTokens tokens,
        CancellationToken cancellation)
    {
        context.Response.Headers.CacheControl = "no-store";
        var made = await tokens.Create(context.User.Caller(), id.Value, body.Value, cancellation);
        return made.Failed(out var problem)
            ? new ProblemResult(problem)
            : TypedResults.Created($"/events/{id.Value}/door-tokens/{made.Value.Id}", made.Value);
    }

    private static async Task<Results<Ok<DoorTokenList>, ProblemResult>> List(
        RouteId id, HttpContext context, IDoorTokens tokens, CancellationToken cancellation)
    {
        var list = await tokens.List(context.User.Caller(), id.Value, cancellation);
        return list.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.Ok(list.Value);
    }

    private static async Task<Results<NoContent, ProblemResult>> Delete(
        RouteId id, RouteId tokenId, HttpContext context, IDoorTokens tokens, CancellationToken cancellation)
    {
        var deleted = await tokens.Delete(context.User.Caller(), id.Value, tokenId.Value, cancellation);
        return deleted.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.NoContent();
    }
}
