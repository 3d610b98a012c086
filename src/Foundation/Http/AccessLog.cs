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
            var elapsed = Stopwatch.GetElapsedTime(started);
            context.Features.Get<ForwardedRequest>()?.End(context, elapsed);
            if (log.IsEnabled(LogLevel.Information))
            {
                Log(context, Math.Round(elapsed.TotalMilliseconds, 2));
            }
        }
    }

    private void Log(HttpContext context, double elapsed)
    {
        var (method, status) = (context.Request.Method, context.Response.StatusCode);
        if (context.Features.Get<ForwardedRequest>() is { } forwarded)
        {
            LogForwarded(
                method, forwarded.Route, status, elapsed, forwarded.Cluster, forwarded.Destination ?? "(none)",
                forwarded.Attempts, forwarded.Broken ?? "");
            return;
        }

        // The route's pattern, not the path: paths may hold what is secret, and are endless in number.
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(none)";
        LogRequest(method, route, status, elapsed);
    }

    [LoggerMessage(2001, LogLevel.Information, "{Method} {Route} {Status} in {ElapsedMs} ms")]
    private partial void LogRequest(string method, string route, int status, double elapsedMs);

    [LoggerMessage(11100, LogLevel.Information,
        "{Method} {Route} {Status} in {ElapsedMs} ms from {Cluster}/{Destination}, attempts: {Attempts} {Broken}")]
    private partial void LogForwarded(
        string method, string route, int status, double elapsedMs, string cluster, string destination, int attempts,
        string broken);
}
