using System.Reflection;
using System.Text.Json;
using Gatehouse.Foundation.Http;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Gateway.Http;

/// <summary>The body as it came: what is wrong with it is told with line and column.</summary>
internal sealed record DocumentBody(byte[] Content)
{
    private static readonly string[] Types =
        ["application/json", "application/merge-patch+json", "application/yaml", "text/yaml"];

    public static async ValueTask<DocumentBody?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var type = context.Request.ContentType?.Split(';')[0].Trim() ?? "";
        if (!Types.Contains(type, StringComparer.OrdinalIgnoreCase))
        {
            throw new ProblemException(new Problem(
                ProblemCodes.UnsupportedMediaType, "The body must be application/json or application/yaml in UTF-8."));
        }

        // A file may be longer than other bodies; the server bounds it.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = context.RequestServices.GetRequiredService<GatewayOptions>().ConfigBytesMax;
        }

        using var content = new MemoryStream();
        await context.Request.Body.CopyToAsync(content, context.RequestAborted);
        return new DocumentBody(content.ToArray());
    }
}

/// <summary>What such a body is, for the API description; docs/gateway-configuration.md has every key.</summary>
internal sealed record GatewayDocument(
    IReadOnlyDictionary<string, JsonElement>? Routes = null, IReadOnlyDictionary<string, JsonElement>? Clusters = null);

/// <summary>Binds <c>If-Match</c>, which these endpoints demand: a change made blindly undoes someone else's.</summary>
/// <param name="Expected">Null for <c>*</c>: whatever is there.</param>
internal sealed record DocumentMatch(string? Expected) : IEndpointParameterMetadataProvider
{
    public static ValueTask<DocumentMatch?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var header = context.Request.Headers.IfMatch.ToString().Trim();
        return header switch
        {
            "" => throw new ProblemException(new Problem(
                ProblemCodes.PreconditionRequired, "Send If-Match with the ETag of what you read, or * for any.")),
            "*" => ValueTask.FromResult<DocumentMatch?>(new DocumentMatch((string?)null)),
            _ => ValueTask.FromResult<DocumentMatch?>(new DocumentMatch(header.Trim('"'))),
        };
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(
        new HeaderParameter("If-Match", "The `ETag` of what is changed: 428 without, 412 when it is another by now."));
}

/// <summary>Binds <c>dryRun</c>: <c>1</c> or <c>true</c>.</summary>
internal sealed record DryRun(bool IsAsked) : IEndpointParameterMetadataProvider
{
    public static ValueTask<DryRun?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var asked = context.Request.Query["dryRun"].ToString();
        if (asked is not ("" or "0" or "false" or "1" or "true"))
        {
            var faults = new Faults();
            faults.Add("dryRun", "must be 1 or 0");
            throw new ProblemException(faults.ToProblem(ProblemCodes.InvalidQuery));
        }

        return ValueTask.FromResult<DryRun?>(new DryRun(asked is "1" or "true"));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(
        new QueryParameter("dryRun", "1: change nothing, and answer what would differ."));
}
