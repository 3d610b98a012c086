using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Http;
using Gatehouse.Gateway.Services;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Gateway.Http;

internal static class DestinationEndpoints
{
    public static void MapDestinations(this IEndpointRouteBuilder endpoints)
    {
        var gateway = endpoints.MapGroup("/gateway").WithTags("Gateway")
            .RequireAuthorization(Permissions.OperationsView);
        gateway.MapGet("/destinations", (PageQuery page, GatewayViews views) =>
                Answer(views.Destinations(page.Request)))
            .WithName("listGatewayDestinations")
            .WithSummary("Destinations of all clusters and how they do; by page only.");
        gateway.MapGet("/breakers", (PageQuery page, GatewayViews views) => Answer(views.Breakers(page.Request)))
            .WithName("listGatewayBreakers")
            .WithSummary("Breakers of destinations in this process, those in trouble first; by page only.");
        var marks = gateway.MapGroup("/destinations/{cluster}/{id}").RequireAuthorization(Permissions.OperationsManage);
        marks.MapPost("/drain", async (
                string cluster, string id, DestinationAdmin admin, CancellationToken cancellation) =>
                Answer(await admin.Drain(cluster, id, cancellation)))
            .WithName("drainGatewayDestination")
            .WithSummary("Nothing new goes there, and its WebSockets are asked to go; here, until restored.");
        marks.MapPost("/isolate", async (
                string cluster, string id, DestinationAdmin admin, CancellationToken cancellation) =>
                Answer(await admin.Isolate(cluster, id, cancellation)))
            .WithName("isolateGatewayDestination")
            .WithSummary("Nothing new goes there, and what is under way is left alone; here, until restored.");
        marks.MapPost("/restore", async (
                string cluster, string id, DestinationAdmin admin, CancellationToken cancellation) =>
                Answer(await admin.Restore(cluster, id, cancellation)))
            .WithName("restoreGatewayDestination")
            .WithSummary("Takes drain and isolate back, closes the breaker and ends an ejection.");
    }

    private static Results<Ok<T>, ProblemResult> Answer<T>(Result<T> result) =>
        result.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.Ok(result.Value);
}
