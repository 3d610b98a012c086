using Gatehouse.Contracts;
using Gatehouse.Contracts.Identity;
using Gatehouse.Contracts.Ticketing;
using Gatehouse.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Ticketing.Http;

internal static class ReconciliationEndpoints
{
    public static void MapReconciliation(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/admin/reconciliation", List).WithTags("Operations")
            .RequireAuthorization(Permissions.OperationsView)
            .WithName("listDiscrepancies")
            .WithSummary("What does not add up between money, places and tickets: there must be nothing.");

    private static async Task<Ok<ListAnswer<Discrepancy>>> List(
        CursorQuery page, IReconciliation reconciliation, CancellationToken cancellation) =>
        TypedResults.Ok(ListAnswer<Discrepancy>.From(await reconciliation.List(page.Request, cancellation)));
}
