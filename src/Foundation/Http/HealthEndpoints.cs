using System.Text.Json;
using Gatehouse.Foundation.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gatehouse.Foundation.Http;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: it wants requests. <c>/health</c>: each component
/// with status and latency.
/// </summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        var health = endpoints.MapGroup("/health").WithTags("Operations")
            .WithMetadata(new DisableRequestTimeoutAttribute());
        health.MapGet("/live", () => TypedResults.Text("""{"status":"up"}""", "application/json"))
            .WithSummary("The process answers.");
        health.MapGet("/ready", Ready)
            .WithSummary("This instance wants requests: 200, or 503 while it drains or lacks its database.");
        health.MapGet("", Health).WithSummary("Every component with status and latency; 200 or 503.");
    }

    private static async Task Ready(HttpContext context, Readiness readiness, HealthCheckService checks)
    {
        if (readiness.IsDraining)
        {
            await Answer(context, "draining", []);
            return;
        }

        await Health(context, checks);
    }

    private static async Task Health(HttpContext context, HealthCheckService checks)
    {
        var report = await checks.CheckHealthAsync(context.RequestAborted);
        await Answer(context, report.Status == HealthStatus.Healthy ? "up" : "down", report.Entries);
    }

    private static async Task Answer(
        HttpContext context, string status, IEnumerable<KeyValuePair<string, HealthReportEntry>> components)
    {
        var response = context.Response;
        response.StatusCode = status == "up" ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        response.ContentType = "application/json";
        response.Headers.CacheControl = "no-store";
        if (status != "up")
        {
            response.Headers.RetryAfter = "2";
        }

        using var json = new Utf8JsonWriter(response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("status", status);
        json.WriteStartObject("components");
        foreach (var (name, entry) in components)
        {
            json.WriteStartObject(name);
            json.WriteString("status", entry.Status == HealthStatus.Healthy ? "up" : "down");
            json.WriteNumber("latencyMs", Math.Round(entry.Duration.TotalMilliseconds, 2));
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
        await json.FlushAsync(context.RequestAborted);
    }
}

/// <summary>A module's database answers the simplest statement.</summary>
internal sealed class DatabaseHealth(Database database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await database.Ping(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Why it is down stays in the log, which the health service writes; the answer is public.
            return HealthCheckResult.Unhealthy(exception: exception);
        }
    }
}
