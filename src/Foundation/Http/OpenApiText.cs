using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Gatehouse.Foundation.Http;

/// <summary>
/// The API description as it is sent: rendered when first asked for, since it costs far more than any other answer and
/// does not change while the process lives, but for what comes from elsewhere.
/// </summary>
internal sealed class OpenApiText(
    [FromKeyedServices(OpenApiText.Document)] IOpenApiDocumentProvider documents,
    IEnumerable<IApiDescriptions> elsewhere,
    TimeProvider time)
{
    public const string Document = "v1";
    private readonly Lock gate = new();
    private readonly IReadOnlyList<IApiDescriptions> elsewhere = [.. elsewhere.Where(one => one.MaxAge is not null)];
    private Task<Rendered>? rendered;
    private long renderedAt;

    public async Task<IResult> Answer(HttpResponse response, CancellationToken cancellation)
    {
        var text = await Text().WaitAsync(cancellation);
        response.Headers.CacheControl = "no-cache"; // a newer build may answer next: ask, and be told 304
        return TypedResults.Bytes(text.Bytes, "application/json", entityTag: text.Tag);
    }

    private Task<Rendered> Text()
    {
        lock (gate)
        {
            if (rendered is null or { IsFaulted: true } || (rendered.IsCompleted && IsOld))
            {
                rendered = Task.Run(Render);
                renderedAt = time.GetTimestamp();
            }

            return rendered;
        }
    }

    private bool IsOld => elsewhere.Any(one => time.GetElapsedTime(renderedAt) > one.MaxAge);

    private async Task<Rendered> Render()
    {
        var document = await documents.GetOpenApiDocumentAsync(CancellationToken.None);
        await using var text = new StringWriter(CultureInfo.InvariantCulture);
        document.SerializeAs(OpenApiSpecVersion.OpenApi3_1, new OpenApiJsonWriter(text));
        var bytes = Encoding.UTF8.GetBytes(elsewhere.Count == 0 ? text.ToString() : await Whole(text.ToString()));
        return new Rendered(bytes, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))}\""));
    }

    private async Task<string> Whole(string own)
    {
        var whole = JsonNode.Parse(own)!.AsObject();
        foreach (var descriptions in elsewhere)
        {
            foreach (var part in await descriptions.Latest(CancellationToken.None))
            {
                OpenApiMerge.Add(whole, part);
            }
        }

        return whole.ToJsonString();
    }

    private sealed record Rendered(byte[] Bytes, EntityTagHeaderValue Tag);
}

internal static class OpenApiEndpoint
{
    public static void MapOpenApiText(this IEndpointRouteBuilder endpoints, string path) =>
        endpoints.MapGet(path, (OpenApiText text, HttpResponse response, CancellationToken cancellation) =>
            text.Answer(response, cancellation)).ExcludeFromDescription();
}
