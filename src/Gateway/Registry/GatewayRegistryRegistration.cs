using Gatehouse.Contracts.Gateway;
using Gatehouse.Foundation.Configuration;
using Gatehouse.Foundation.Data;
using Gatehouse.Gateway.Forwarding;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gatehouse.Gateway.Registry;

internal static class GatewayRegistryRegistration
{
    /// <summary>
    /// Registrations are kept in PostgreSQL where this process has it and a gateway's file, so that several gateways
    /// share them; else in memory.
    /// </summary>
    public static IServiceCollection AddRegistry(this IServiceCollection services)
    {
        var isGateway = services.OptionsOf<GatewayOptions>() is { File.Length: > 0 };
        var isShared = isGateway && services.OptionsOf<DatabaseOptions>()?.Provider == DatabaseProvider.Postgres;
        if (isShared)
        {
            // It serves on without: a lost registry takes no server away.
            services.AddModuleDatabase(
                GatewayModule.ModuleName, typeof(GatewayModule).Assembly, isVital: false);
            services.AddSingleton<IMemberStore>(provider => new SharedMembers(
                provider.GetRequiredKeyedService<Database>(GatewayModule.ModuleName)));
        }
        else
        {
            services.AddSingleton<IMemberStore, MemoryMembers>();
        }

        services.AddSingleton<MemberSet>();
        services.AddSingleton<Renewals>();
        services.AddSingleton<OwnAddresses>();
        services.AddSingleton<RegistryFollower>();
        services.AddHostedService(provider => provider.GetRequiredService<RegistryFollower>());
        services.AddSingleton<RegistryService>();
        services.AddSingleton<IServiceRegistry>(provider => provider.GetRequiredService<RegistryService>());
        if (isGateway)
        {
            services.AddOptions<HealthCheckServiceOptions>().Configure<MemberSet>((health, members) =>
                health.Registrations.Add(new HealthCheckRegistration(
                    "gateway.registry", new RegistryHealth(members), HealthStatus.Degraded, tags: null)));
        }

        return services;
    }
}
