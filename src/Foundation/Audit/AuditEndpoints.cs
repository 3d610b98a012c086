using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Contracts;
using Gatehouse.Contracts.Identity;
using Gatehouse.Contracts.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Foundation.Audit;

internal static class AuditEndpoints
{
    public static void MapAudit(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/admin/audit", List).WithTags("Operations").RequireAuthorization(Permissions.AuditView)
            .WithName("listAudit").WithSummary("Who did what, of all modules of this process, newest first.");

    private static async Task<Ok<ListAnswer<AuditView>>> List(
        AuditQuery query, AuditReader reader, CancellationToken cancellation) =>
        TypedResults.Ok(ListAnswer<AuditView>.From(await reader.List(query, cancellation)));
}

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(ListAnswer<AuditView>))]
internal sealed partial class AuditJson : JsonSerializerContext;
