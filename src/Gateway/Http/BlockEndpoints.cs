using Gatehouse.Contracts;
using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Http;
using Gatehouse.Gateway.Services;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Gateway.Http;

internal static class BlockEndpoints
{
    public static void MapBlocks(this IEndpointRouteBuilder endpoints)
    {
        var blocks = endpoints.MapGroup("/gateway/blocks").WithTags("Gateway")
            .RequireAuthorization(Permissions.OperationsView);
        blocks.MapGet("", List).WithName("listGatewayBlocks")
            .WithSummary("Addresses that are blocked as scanners, those that end last first; by page only.");
        blocks.MapDelete("/{address}", Lift).RequireAuthorization(Permissions.OperationsManage)
            .WithName("liftGatewayBlock")
            .WithSummary("Lifts the block of an address; of IPv6 any address of the /64.");
    }

    private static Results<Ok<ListAnswer<BlockView>>, ProblemResult> List(PageQuery page, BlockAdmin blocks)
    {
        var listed = blocks.List(page.Request);
        return listed.Failed(out var problem) ? new ProblemResult(problem) : TypedResults.Ok(listed.Value);
    }

    private static async Task<Results<NoContent, ProblemResult>> Lift(
        string address, BlockAdmin blocks, CancellationToken cancellation) =>
        await blocks.Lift(address, cancellation) is { } problem
            ? new ProblemResult(problem)
            : TypedResults.NoContent();
}
