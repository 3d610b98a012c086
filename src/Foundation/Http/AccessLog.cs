using System.Diagnostics;
using Gatehouse.Foundation.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Foundation.Http;

/// <summary>Puts the request's ids on every line logged under it, and writes one line when it is answered.</summary>
internal sealed partial class AccessLog(RequestDelegate next, ILogger<AccessLog> log)
{
    public async Task Invoke(HttpContext context)
    {
        using var request = new RequestLogScope(context);
        using var scope = log.BeginScope(request);
        var started = Stopwatch.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            if (log.IsEnabled(LogLevel.Information))
            {
                // The route's pattern, not the path: paths may hold what is secret, and are endless in number.
                var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(none)";
                var elapsed = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                LogRequest(context.Request.Method, route, context.Response.StatusCode, Math.Round(elapsed, 2));
            }
        }
    }

    [LoggerMessage(2001, LogLevel.Information, "{Method} {Route} {Status} in {ElapsedMs} ms")]
    private partial void LogRequest(string method, string route, int status, double elapsedMs);
}
