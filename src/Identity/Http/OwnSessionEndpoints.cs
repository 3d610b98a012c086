using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Authentication;
using Gatehouse.Foundation.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Http;

internal static class OwnSessionEndpoints
{
    private const int BodyBytesMax = 16 * 1024;

    public static void MapOwnSessions(this IEndpointRouteBuilder endpoints)
    {
        var auth = endpoints.MapGroup("/auth").WithTags("Identity").RequireAuthorization()
            .WithMetadata(new RequestSizeLimitAttribute(BodyBytesMax));
        auth.MapGet("/sessions", List).WithName("listOwnSessions")
            .WithSummary("Your sessions that go on, the one used last first.");
        auth.MapDelete("/sessions/{id}", End).CheckSessionAtOnce().WithName("endOwnSession")
            .WithSummary("Ends one of your sessions.");
        auth.MapDelete("/sessions", EndOthers).CheckSessionAtOnce().WithName("endOtherSessions")
            .WithSummary("Ends all your sessions but this one.");
        auth.MapPost("/reauthenticate", Reauthenticate).CheckSessionAtOnce().WithName("reauthenticate")
            .WithSummary("Shows your password again, for what asks for a recent sign-in.");
    }

    private static async Task<Ok<OwnSessions>> List(
        HttpContext context, IOwnSessions sessions, CancellationToken cancellation) =>
        TypedResults.Ok(await sessions.List(context.User.Caller(), cancellation));

    private static async Task<Results<NoContent, ProblemResult>> End(
        RouteId id, HttpContext context, IOwnSessions sessions, CancellationToken cancellation)
    {
        var ended = await sessions.End(context.User.Caller(), new SessionId(id.Value), cancellation);
        return ended.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.NoContent();
    }

    private static async Task<NoContent> EndOthers(
        HttpContext context, IOwnSessions sessions, CancellationToken cancellation)
    {
        await sessions.EndOthers(context.User.Caller(), cancellation);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemResult>> Reauthenticate(
        JsonBody<ReauthenticateRequest> body,
        HttpContext context,
        IOwnSessions sessions,
        CancellationToken cancellation)
    {
        var shown = await sessions.Reauthenticate(context.User.Caller(), body.Value, cancellation);
        return shown.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.NoContent();
    }
}
