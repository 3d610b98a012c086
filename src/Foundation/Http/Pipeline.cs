using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Gatehouse.Contracts.Json;
using Gatehouse.Foundation.Audit;
using Gatehouse.Foundation.Caching;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Limits;
using Gatehouse.Foundation.Redis;
using Gatehouse.Foundation.Resilience;
using Gatehouse.Kernel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Gatehouse.Foundation.Http;

/// <summary>The way of every request, in order. Each line says why it stands where it does.</summary>
public static class Pipeline
{
    internal const string DocsPath = "/docs";
    private const string OpenApiPath = "/openapi/v1.json";

    public static IServiceCollection AddGatehouseHttp(this IServiceCollection services, HttpOptions options)
    {
        services.Configure<KestrelServerOptions>(kestrel => Bound(kestrel, options));
        services.Configure<HostOptions>(host =>
            host.ShutdownTimeout = TimeSpan.FromSeconds(options.DrainSeconds + options.ShutdownSeconds));
        services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new RequestTimeoutPolicy
        {
            Timeout = TimeSpan.FromSeconds(options.DeadlineSeconds),
            TimeoutStatusCode = StatusCodes.Status504GatewayTimeout,
            WriteTimeoutResponse = context => AnswerLate(context, options.DeadlineSeconds),
        });
        services.Configure<ForwardedHeadersOptions>(forwarded => ProxyTrust.Trust(forwarded, options));
        services.ConfigureHttpJsonOptions(json => Strict(json.SerializerOptions));
        services.AddSingleton<Readiness>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<Readiness>());
        services.AddRateLimits();
        services.AddHealthChecks();
        services.AddSingleton<HealthReports>().AddSingleton<OpenApiText>();
        services.AddRedis();
        services.AddCaching();
        services.AddOptions<HealthCheckServiceOptions>().Configure<IEnumerable<MigratedDatabase>>(CheckDatabases);
        services.AddJson(HealthJson.Default);
        services.AddBreakerEndpoints().AddAuditReading();
        services.AddOpenApi(OpenApiText.Document, openApi =>
        {
            openApi.CreateSchemaReferenceId = type =>
                OpenApiSchemas.IsInline(type.Type) ? null : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
            openApi.AddSchemaTransformer<OpenApiSchemas>();
            openApi.AddOperationTransformer<OpenApiOperations>();
            openApi.AddDocumentTransformer<OpenApiAbout>();
        });
        return services;
    }

    /// <summary>Adds a module's source-generated JSON to what bodies are read and written with.</summary>
    public static IServiceCollection AddJson(this IServiceCollection services, IJsonTypeInfoResolver json) =>
        services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, json));

    public static void UseGatehouseHttp(this WebApplication app)
    {
        app.UseMiddleware<RequestId>(); // everything below logs it
        app.UseMiddleware<AccessLog>(); // rejections count too
        app.UseMiddleware<ProblemMiddleware>(); // everything below may throw
        app.UseMiddleware<ForwardedByStranger>(); // sees the peer itself
        app.UseForwardedHeaders(); // the client's address, from trusted proxies only
        app.Use(DrainNotice.Tell); // while there is an answer left to tell it with
        if (app.Services.GetService<IServerTls>() is { } tls)
        {
            app.Use(next => context => tls.Invoke(context, next)); // nothing is done for who asked in the clear
        }

        if (app.Services.GetService<IEdge>() is { } edge)
        {
            app.Use(next => context => edge.Invoke(context, next)); // what is served elsewhere has headers of its own
        }

        app.UseMiddleware<SecurityHeaders>(); // on refusals as well
        app.UseRouting();
        app.UseRequestTimeouts(); // the deadline covers all that costs
        app.UseMiddleware<AddressLimitMiddleware>(); // before any cryptography
        app.UseAuthentication();
        app.UseMiddleware<RequestFactsMiddleware>(); // who and whence, for the audit log
        app.UseAuthorization();
        app.UseMiddleware<UserLimitMiddleware>(); // who calls is known now
        app.UseSwaggerUI(ui =>
        {
            ui.RoutePrefix = DocsPath[1..];
            ui.DocumentTitle = "Gatehouse API";
            ui.SwaggerEndpoint(OpenApiPath, "Gatehouse");
        });
        app.MapHealth();
        app.MapBreakers();
        app.MapAudit();
        app.MapOpenApiText(OpenApiPath);
    }

    // The framework has cleared the answer, headers too, before it asks for this one.
    private static Task AnswerLate(HttpContext context, int deadlineSeconds)
    {
        RequestId.Answer(context);
        SecurityHeaders.Answer(context);
        return ProblemDocument.Write(context, new Problem(
            ProblemCodes.DeadlineExceeded,
            $"It took longer than {deadlineSeconds} s. A write may still be done: read, or repeat it with its key."));
    }

    internal static void Bound(KestrelServerOptions kestrel, HttpOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = options.BodyBytesMax;
        kestrel.Limits.MaxRequestHeadersTotalSize = options.HeaderBytesMax;
        kestrel.Limits.MaxConcurrentConnections = options.ConnectionsMax;
        var slowest = new MinDataRate(options.BytesPerSecondMin, gracePeriod: TimeSpan.FromSeconds(5));
        kestrel.Limits.MinRequestBodyDataRate = slowest;
        kestrel.Limits.MinResponseDataRate = slowest;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(options.HeaderSeconds);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(options.KeepAliveSeconds);
    }

    private static void Strict(JsonSerializerOptions json)
    {
        // Never inside HTML (nosniff, JSON media type), so letters and quotes may stay readable.
        json.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        json.AllowDuplicateProperties = false;
        json.PropertyNameCaseInsensitive = false;
        json.NumberHandling = JsonNumberHandling.Strict;
        json.RespectNullableAnnotations = true;
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        json.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        json.Converters.Add(new UtcTimeConverter());
    }

    private static void CheckDatabases(HealthCheckServiceOptions health, IEnumerable<MigratedDatabase> databases)
    {
        foreach (var migrated in databases)
        {
            health.Registrations.Add(new HealthCheckRegistration(
                $"database.{migrated.Database.Name}", new DatabaseHealth(migrated.Database),
                migrated.IsVital ? HealthStatus.Unhealthy : HealthStatus.Degraded, tags: null)
            {
                Timeout = TimeSpan.FromSeconds(2),
            });
        }
    }
}
