using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Http;
using Gatehouse.Gateway.Services;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Gateway.Http;

internal static class CacheEndpoints
{
    public static void MapGatewayCache(this IEndpointRouteBuilder endpoints)
    {
        var cache = endpoints.MapGroup("/gateway/cache").WithTags("Gateway")
            .RequireAuthorization(Permissions.OperationsView);
        cache.MapGet("", (CacheAdmin admin) => TypedResults.Ok(admin.Read()))
            .WithName("getGatewayCache").WithSummary("What this gateway keeps of answers, and what became of requests.");
        cache.MapPost("/purge", Purge).RequireAuthorization(Permissions.OperationsManage)
            .WithName("purgeGatewayCache").WithSummary("Forgets answers by host, path or tag, in all gateways.");
    }

    private static async Task<Results<Ok<CachePurged>, ProblemResult>> Purge(
        JsonBody<PurgeRequest> body, CacheAdmin admin, CancellationToken cancellation)
    {
        var purged = await admin.Purge(body.Value, cancellation);
        return purged.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.Ok(purged.Value);
    }
}
