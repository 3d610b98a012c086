using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Gatehouse.Identity.Http;

/// <summary>
/// What those need who check access tokens; to be remembered for a while, and asked for by ETag after it.
/// </summary>
internal static class TokenKeyEndpoints
{
    private const string KeysPath = "/.well-known/jwks.json";

    public static void MapTokenKeys(this IEndpointRouteBuilder endpoints)
    {
        var wellKnown = endpoints.MapGroup("").WithTags("Identity");
        wellKnown.MapGet(KeysPath, Keys).Produces<TokenKeySet>()
            .WithName("listTokenKeys").WithSummary("The public keys of access tokens (RFC 7517).");
        wellKnown.MapGet("/.well-known/openid-configuration", Issuer).Produces<TokenIssuer>()
            .WithName("getTokenIssuer").WithSummary("Who makes the access tokens, and where the keys are.");
    }

    private static async Task<FileContentHttpResult> Keys(
        HttpContext context, ITokenKeys keys, IdentityOptions options, CancellationToken cancellation) =>
        Document(
            context, options, await keys.Published(cancellation), IdentityJson.Default.TokenKeySet);

    private static async Task<FileContentHttpResult> Issuer(
        HttpContext context,
        ITokenKeys keys,
        TokenOptions tokens,
        IdentityOptions options,
        CancellationToken cancellation)
    {
        var request = context.Request;
        var algorithms = (await keys.Published(cancellation)).Keys.Select(key => key.Alg).Distinct();
        var issuer = new TokenIssuer(
            tokens.Issuer,
            $"{request.Scheme}://{request.Host}{request.PathBase}{KeysPath}",
            [.. algorithms.Order(StringComparer.Ordinal)]);
        return Document(context, options, issuer, IdentityJson.Default.TokenIssuer);
    }

    // As a file: it answers If-None-Match by itself.
    private static FileContentHttpResult Document<T>(
        HttpContext context, IdentityOptions options, T document, JsonTypeInfo<T> json)
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(document, json);
        context.Response.Headers.CacheControl = $"public, max-age={options.KeysMaxAgeSeconds}";
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(text))[..32]}\"");
        return TypedResults.File(text, "application/json", entityTag: tag);
    }
}
