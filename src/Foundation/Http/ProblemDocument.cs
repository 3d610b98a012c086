using System.Diagnostics;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Foundation.Http;

/// <summary>Writes a <see cref="Problem"/> as application/problem+json (RFC 9457).</summary>
public static class ProblemDocument
{
    public const string ContentType = "application/problem+json";

    private static readonly JsonWriterOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static async Task Write(HttpContext context, Problem problem)
    {
        var response = context.Response;
        response.StatusCode = problem.Code.Status;
        response.ContentType = ContentType;
        response.Headers.CacheControl = "no-store";
        if (problem.RetryAfter is { } wait)
        {
            var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (problem.Code.Status == StatusCodes.Status401Unauthorized && response.Headers.WWWAuthenticate.Count == 0)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        using var json = new Utf8JsonWriter(response.BodyWriter, Readable);
        Write(json, problem, context.TraceIdentifier);
        await json.FlushAsync(CancellationToken.None);
    }

    private static void Write(Utf8JsonWriter json, Problem problem, string requestId)
    {
        json.WriteStartObject();
        json.WriteString("type", $"urn:gatehouse:problem:{problem.Code.Name}");
        json.WriteString("title", problem.Code.Title);
        json.WriteNumber("status", problem.Code.Status);
        json.WriteString("detail", problem.Detail);
        json.WriteString("code", problem.Code.Name);
        json.WriteString("requestId", requestId);
        json.WriteString("traceId", Activity.Current?.TraceId.ToString() ?? requestId);
        foreach (var (name, number) in problem.Facts)
        {
            json.WriteNumber(name, number);
        }

        if (problem.Errors.Count > 0)
        {
            json.WriteStartObject("errors");
            foreach (var (field, messages) in problem.Errors)
            {
                json.WriteStartArray(field);
                foreach (var message in messages)
                {
                    json.WriteStringValue(message);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
