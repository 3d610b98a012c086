using Microsoft.AspNetCore.Http;

namespace Gatehouse.Foundation.Http;

/// <summary>
/// Headers every answer carries, errors too. The API page needs scripts and styles of its own origin.
/// </summary>
public sealed class SecurityHeaders(RequestDelegate next)
{
    private const string Api = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    private const string Docs =
        "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; " +
        "img-src 'self' data:; connect-src 'self'; font-src 'self'; frame-ancestors 'none'; " +
        "base-uri 'none'; form-action 'none'";

    public Task Invoke(HttpContext context)
    {
        Answer(context);
        return next(context);
    }

    /// <summary>Puts them on an answer that is made before this middleware is reached.</summary>
    public static void Answer(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        var isDocs = context.Request.Path.StartsWithSegments(Pipeline.DocsPath, StringComparison.Ordinal);
        headers.ContentSecurityPolicy = isDocs ? Docs : Api;
        if (context.Request.Headers.Authorization.Count > 0)
        {
            headers.CacheControl = "no-store";
        }
    }
}
