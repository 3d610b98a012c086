using Gatehouse.Contracts.Gateway;
using Gatehouse.Foundation.Http;
using Gatehouse.Foundation.Limits;
using Gatehouse.Foundation.Modules;
using Gatehouse.Gateway.Configuration;
using Gatehouse.Gateway.Forwarding;
using Gatehouse.Gateway.Http;
using Gatehouse.Gateway.Registry;
using Gatehouse.Gateway.Services;
using Gatehouse.Gateway.Tls;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gatehouse.Gateway;

/// <summary>Forwards to services elsewhere. It needs no database, but shares one with other gateways.</summary>
public sealed class GatewayModule : IModule
{
    internal const string ModuleName = "gateway";

    /// <summary>For commands, which look at files without a gateway.</summary>
    public static IGatewayFiles Files { get; } = new GatewayFiles();

    public string Name => ModuleName;

    /// <summary>Called before any socket is used where nothing but this module is served.</summary>
    public static void ServeAlone() => InlineSockets.Prefer();

    public IReadOnlyList<Type> Options => [typeof(GatewayOptions)];

    public void AddServices(IServiceCollection services)
    {
        services.AddSingleton<Snapshots>();
        services.AddSingleton<ConfigMetrics>();
        services.AddSingleton<ConfigService>();
        services.AddHostedService<ConfigFollower>();
        services.AddOptions<HealthCheckServiceOptions>().Configure<ConfigService, TimeProvider>(CheckFile);
        services.AddRegistry();
        services.AddRateLimit(_ => RegistryEndpoints.FleetLimit);
        services.AddForwarding();
        services.AddTls();
        services.AddSingleton<IStartCheck, FileCheck>();
        services.AddSingleton<ConfigAdmin>();
        services.AddSingleton<CacheAdmin>();
        services.AddSingleton<GatewayViews>();
        services.AddSingleton<DestinationAdmin>();
        services.AddSingleton<Explanations>();
        services.AddSingleton<IApiDescriptions, Descriptions>();
        services.AddJson(GatewayJson.Default);
        services.AddJson(RegistryJson.Default);
    }

    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGateway();
        endpoints.MapDestinations();
        endpoints.MapRegistry();
        endpoints.MapGatewayCache();
    }

    private static void CheckFile(HealthCheckServiceOptions health, ConfigService config, TimeProvider time)
    {
        if (config.IsConfigured)
        {
            health.Registrations.Add(new HealthCheckRegistration(
                "gateway.config", new ConfigHealth(config, time), HealthStatus.Degraded, tags: null));
        }
    }
}
