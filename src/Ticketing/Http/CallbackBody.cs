using System.Reflection;
using Gatehouse.Ticketing.Services;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Gatehouse.Ticketing.Http;

/// <summary>Binds a callback to the byte, since its signature is of bytes.</summary>
internal sealed record CallbackBody(SignedCallback Value) : IEndpointParameterMetadataProvider
{
    public static async ValueTask<CallbackBody?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var headers = context.Request.Headers.ToDictionary(
            header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        return new CallbackBody(new SignedCallback(headers, body.ToArray()));
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(TestCallback), isOptional: false));
}
