using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Limits;
using Gatehouse.Foundation.Resilience;
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
            .WithMetadata(new DisableRequestTimeoutAttribute()).WithoutLimit();
        health.MapGet("/live", () => TypedResults.Text("""{"status":"up"}""", "application/json"))
            .Produces<HealthView>()
            .WithName("getLiveness").WithSummary("The process answers.");
        health.MapGet("/ready", Ready)
            .Produces<HealthView>().Produces<HealthView>(StatusCodes.Status503ServiceUnavailable)
            .WithName("getReadiness")
            .WithSummary("This instance wants requests: 200, or 503 while it drains or lacks its database.");
        health.MapGet("", Health)
            .Produces<HealthView>().Produces<HealthView>(StatusCodes.Status503ServiceUnavailable)
            .WithName("getHealth").WithSummary("Every component with status and latency; 200 or 503.");
    }

    private static async Task Ready(HttpContext context, Readiness readiness, HealthReports reports)
    {
        if (readiness.IsDraining)
        {
            await Answer(context, "draining", []);
            return;
        }

        await Check(context, reports, breakers: null);
    }

    private static Task Health(HttpContext context, HealthReports reports, Dependencies dependencies) =>
        Check(context, reports, dependencies.NotClosed());

    private static async Task Check(
        HttpContext context, HealthReports reports, IReadOnlyDictionary<string, string>? breakers)
    {
        var report = await reports.Latest(context.RequestAborted);
        // Degraded: a component is down that this instance serves without.
        await Answer(context, report.Status == HealthStatus.Unhealthy ? "down" : "up", report.Entries, breakers);
    }

    private static async Task Answer(
        HttpContext context,
        string status,
        IEnumerable<KeyValuePair<string, HealthReportEntry>> components,
        IReadOnlyDictionary<string, string>? breakers = null)
    {
        var response = context.Response;
        response.StatusCode = status == "up" ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        response.ContentType = "application/json";
        response.Headers.CacheControl = "no-store";
        if (status != "up")
        {
            response.Headers.RetryAfter = "2";
        }

        var health = new HealthView(status, components.ToDictionary(
            component => component.Key,
            component => new ComponentHealth(
                component.Value.Status == HealthStatus.Healthy ? "up" : "down",
                Math.Round(component.Value.Duration.TotalMilliseconds, 2),
                Facts(component.Value.Data))), breakers);
        await JsonSerializer.SerializeAsync(
            response.BodyWriter, health, HealthJson.Default.HealthView, context.RequestAborted);
    }

    private static Dictionary<string, long>? Facts(IReadOnlyDictionary<string, object> data) => data.Count == 0
        ? null
        : data.Where(fact => fact.Value is long).ToDictionary(fact => fact.Key, fact => (long)fact.Value);
}

/// <summary>How the process is.</summary>
/// <param name="Status"><c>up</c>, <c>down</c> or <c>draining</c>.</param>
/// <param name="Components">By name; what <c>/health/live</c> does not ask.</param>
/// <param name="Breakers">What is not called at the moment because it failed; it takes no readiness away.</param>
internal sealed record HealthView(
    string Status,
    IReadOnlyDictionary<string, ComponentHealth>? Components = null,
    IReadOnlyDictionary<string, string>? Breakers = null);

/// <summary>How one component is.</summary>
/// <param name="Status"><c>up</c> or <c>down</c>.</param>
/// <param name="LatencyMs">Milliseconds it took to answer.</param>
/// <param name="Facts">Numbers of its own, such as <c>oldestUnsentSeconds</c>.</param>
internal sealed record ComponentHealth(
    string Status, double LatencyMs, IReadOnlyDictionary<string, long>? Facts = null);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HealthView))]
internal sealed partial class HealthJson : JsonSerializerContext;

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
