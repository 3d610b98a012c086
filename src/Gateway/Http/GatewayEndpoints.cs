using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Http;
using Gatehouse.Gateway.Services;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Gateway.Http;

internal static class GatewayEndpoints
{
    private const string JsonType = "application/json";

    public static void MapGateway(this IEndpointRouteBuilder endpoints)
    {
        var gateway = endpoints.MapGroup("/gateway").WithTags("Gateway")
            .RequireAuthorization(Permissions.OperationsView);
        gateway.MapGet("/config", Read).WithETag().WithName("getGatewayConfig")
            .WithSummary("The gateway's file as it is in force, placeholders in place of secrets.");
        gateway.MapPut("/config", Put).RequireAuthorization(Permissions.OperationsManage).WithETag()
            .Accepts<GatewayDocument>(JsonType, "application/yaml").WithName("putGatewayConfig")
            .WithSummary("Replaces the file, JSON or YAML; answers when it is in force.");
        gateway.MapPatch("/config", Patch).RequireAuthorization(Permissions.OperationsManage).WithETag()
            .Accepts<GatewayDocument>(JsonType, "application/merge-patch+json").WithName("patchGatewayConfig")
            .WithSummary("Changes the file by a merge patch; answers when it is in force.");
        gateway.MapGet("/routes", (PageQuery page, GatewayViews views) => Answer(views.Routes(page.Request)))
            .WithName("listGatewayRoutes")
            .WithSummary("Routes in the order in which they are preferred; by page only.");
        gateway.MapGet("/clusters", (PageQuery page, GatewayViews views) => Answer(views.Clusters(page.Request)))
            .WithName("listGatewayClusters").WithSummary("Clusters by id; by page only.");
        gateway.MapPost("/explain", (JsonBody<ExplainRequest> body, Explanations explanations) =>
                Answer(explanations.Explain(body.Value)))
            .WithName("explainGatewayRequest").WithSummary("Which route would take a request, and why not the others.");
    }

    private static Results<Ok<ConfigView>, ProblemResult> Read(ConfigAdmin admin, HttpResponse response)
    {
        var read = admin.Read();
        if (read.Failed(out var problem))
        {
            return new ProblemResult(problem);
        }

        response.Headers.ETag = read.Value.ETag;
        return TypedResults.Ok(read.Value);
    }

    private static async Task<Results<Ok<ConfigChange>, ProblemResult>> Put(
        DocumentBody body, DocumentMatch match, DryRun dryRun, ConfigAdmin admin, HttpResponse response,
        CancellationToken cancellation) =>
        Answer(await admin.Put(body.Content, match.Expected, dryRun.IsAsked, cancellation), response);

    private static async Task<Results<Ok<ConfigChange>, ProblemResult>> Patch(
        DocumentBody body, DocumentMatch match, DryRun dryRun, ConfigAdmin admin, HttpResponse response,
        CancellationToken cancellation) =>
        Answer(await admin.Patch(body.Content, match.Expected, dryRun.IsAsked, cancellation), response);

    private static Results<Ok<ConfigChange>, ProblemResult> Answer(Result<ConfigChange> change, HttpResponse response)
    {
        if (!change.Failed(out _))
        {
            response.Headers.ETag = change.Value.ETag;
        }

        return Answer(change);
    }

    private static Results<Ok<T>, ProblemResult> Answer<T>(Result<T> result) =>
        result.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.Ok(result.Value);
}
