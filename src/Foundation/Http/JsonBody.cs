using System.Buffers;
using System.IO.Pipelines;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gatehouse.Contracts;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Gatehouse.Foundation.Http;

/// <summary>
/// A request body read as <typeparamref name="T"/>. What cannot be read is answered before the endpoint runs: 415 for
/// another media type, 400 for broken JSON with line and position, 422 naming every field of a wrong type. No body
/// reads as <c>{}</c>.
/// </summary>
public sealed record JsonBody<T>(T Value) : IEndpointParameterMetadataProvider
{
    private static readonly ReadOnlySequence<byte> Nothing = new("{}"u8.ToArray());

    public static async ValueTask<JsonBody<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var reader = context.Request.BodyReader;
        var sent = await ReadAll(reader, context.RequestAborted);
        try
        {
            var body = sent.IsEmpty ? Nothing : sent;
            if (!sent.IsEmpty && !IsJson(context.Request.ContentType))
            {
                throw new ProblemException(new Problem(
                    ProblemCodes.UnsupportedMediaType, "The body must be sent as application/json in UTF-8."));
            }

            var options = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
            var rules = context.RequestServices.GetService<IRequestRules<T>>();
            return new JsonBody<T>(Read(body, (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T)), rules));
        }
        finally
        {
            reader.AdvanceTo(sent.End);
        }
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T), isOptional: false));

    private static async ValueTask<ReadOnlySequence<byte>> ReadAll(PipeReader reader, CancellationToken cancellation)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancellation);
            if (read.IsCompleted)
            {
                return read.Buffer;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static T Read(in ReadOnlySequence<byte> body, JsonTypeInfo<T> type, IRequestRules<T>? rules)
    {
        try
        {
            var json = new Utf8JsonReader(body);
            var value = JsonSerializer.Deserialize(ref json, type);
            if (value is not null && !json.Read())
            {
                return value;
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The exception knows the first fault only; the second reading finds them all.
        }

        throw new ProblemException(JsonFaults.Explain(body, type, rules));
    }

    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type) &&
        (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) ||
            type.MediaType.Equals("application/merge-patch+json", StringComparison.OrdinalIgnoreCase)) &&
        (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));
}
