using Gatehouse.Contracts.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Gatehouse.Identity.Http;

internal static class TokenKeyEndpoints
{
    public static void MapTokenKeys(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/.well-known/jwks.json", Published).WithTags("Identity")
            .WithName("listTokenKeys").WithSummary("The public keys of access tokens (RFC 7517).");

    private static async Task<Ok<TokenKeySet>> Published(
        HttpContext context, ITokenKeys keys, CancellationToken cancellation)
    {
        context.Response.Headers.CacheControl = "public, max-age=300";
        return TypedResults.Ok(await keys.Published(cancellation));
    }
}
