using Gatehouse.Gateway.Domain;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.Gateway.Policies;

/// <summary>For routes that want them: what protects pages, where the upstream has not said it itself.</summary>
internal sealed class SecurityHeadersStep : IRoutePolicy
{
    private const string AYear = "max-age=31536000";

    public RouteStep Before(RouteStep next, Route route) => !route.SecurityHeaders ? next : exchange =>
    {
        exchange.Context.Response.OnStarting(static state => Set((HttpContext)state), exchange.Context);
        return next(exchange);
    };

    private static Task Set(HttpContext context)
    {
        var headers = context.Response.Headers;
        SetNew(headers, "X-Content-Type-Options", "nosniff");
        SetNew(headers, "Referrer-Policy", "strict-origin-when-cross-origin");
        SetNew(headers, "X-Frame-Options", "SAMEORIGIN");
        if (context.Request.IsHttps)
        {
            SetNew(headers, "Strict-Transport-Security", AYear);
        }

        return Task.CompletedTask;
    }

    private static void SetNew(IHeaderDictionary headers, string name, StringValues value)
    {
        if (!headers.ContainsKey(name))
        {
            headers[name] = value;
        }
    }
}
