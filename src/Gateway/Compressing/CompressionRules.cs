using Gatehouse.Foundation.Http;
using Gatehouse.Gateway.Caching;
using Gatehouse.Gateway.Domain;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Gateway.Compressing;

/// <summary>Which answers are worth it, and may be changed at all.</summary>
internal static class CompressionRules
{
    private static readonly string[] Types =
    [
        "application/json", "application/javascript", "application/ecmascript", "application/xml",
        "application/xhtml+xml", "application/rss+xml", "application/atom+xml", "application/wasm",
        "application/manifest+json", "image/svg+xml", "image/bmp", "font/ttf", "font/otf", "application/yaml",
        "application/x-ndjson", "application/graphql-response+json",
    ];

    public static bool May(HttpContext context, Compression route)
    {
        var response = context.Response;
        var headers = response.Headers;
        return response.StatusCode is >= 200 and not (204 or 205 or 206 or 304) &&
            headers.ContentEncoding.Count == 0 && headers.ContentRange.Count == 0 &&
            (response.ContentLength is not { } length || (length > 0 && length >= route.BytesMin)) &&
            // They are of the bytes as they are.
            !headers.ContainsKey("Digest") && !headers.ContainsKey("Content-Digest") &&
            !headers.ContainsKey("Repr-Digest") &&
            IsOfType(response.ContentType, route) &&
            !CacheDirectives.Parse(headers.CacheControl).NoTransform &&
            !CacheDirectives.Parse(context.Request.Headers.CacheControl).NoTransform;
    }

    private static bool IsOfType(string? contentType, Compression route)
    {
        var type = contentType.AsSpan();
        var end = type.IndexOf(';');
        type = (end < 0 ? type : type[..end]).Trim();
        // Events are for now; a problem is short.
        return type.Length > 0 && !Is(type, "text/event-stream") && !Is(type, ProblemDocument.ContentType) &&
            !type.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) &&
            (type.StartsWith("text/", StringComparison.OrdinalIgnoreCase) ||
                type.EndsWith("+json", StringComparison.OrdinalIgnoreCase) ||
                type.EndsWith("+xml", StringComparison.OrdinalIgnoreCase) ||
                Holds(Types, type) || Holds(route.Types, type));
    }

    private static bool Holds(IReadOnlyList<string> types, ReadOnlySpan<char> type)
    {
        for (var i = 0; i < types.Count; i++)
        {
            if (Is(type, types[i]) || (types[i].EndsWith("/*", StringComparison.Ordinal) &&
                type.StartsWith(types[i].AsSpan()[..^1], StringComparison.OrdinalIgnoreCase)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Is(ReadOnlySpan<char> type, string other) =>
        type.Equals(other, StringComparison.OrdinalIgnoreCase);
}
