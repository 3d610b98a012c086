using System.Security.Cryptography;
using System.Text.Json;
using Gatehouse.Contracts.Identity;
using Gatehouse.Contracts.Ticketing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Gatehouse.Ticketing.Http;

/// <summary>What those need who check tickets without asking; to be remembered, and asked for by ETag.</summary>
internal static class TicketKeyEndpoints
{
    private const string Remembered = "public, max-age=60";

    public static void MapTicketKeys(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/tickets/keys", List).WithTags("Tickets").Produces<TokenKeySet>()
            .WithName("listTicketKeys").WithSummary("The public keys of ticket codes (RFC 7517), the newest first.");

    private static async Task<FileContentHttpResult> List(
        HttpContext context, ITicketKeys keys, CancellationToken cancellation)
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(
            await keys.Published(cancellation), TicketingJson.Default.TokenKeySet);
        context.Response.Headers.CacheControl = Remembered;
        // As a file: it answers If-None-Match by itself.
        return TypedResults.File(text, "application/json", entityTag: new EntityTagHeaderValue(
            $"\"{Convert.ToHexStringLower(SHA256.HashData(text))[..32]}\""));
    }
}
