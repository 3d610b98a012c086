using Gatehouse.Foundation.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gatehouse.Foundation.Resilience;

internal static class ResilienceRegistration
{
    /// <summary>What every caller of something outside needs; once, however often it is said.</summary>
    public static IServiceCollection AddDependencies(this IServiceCollection services)
    {
        services.TryAddSingleton(new ResilienceOptions());
        services.TryAddSingleton<Dependencies>();
        return services;
    }

    public static IServiceCollection AddBreakerEndpoints(this IServiceCollection services) =>
        services.AddDependencies().AddSingleton<BreakerService>().AddJson(BreakerJson.Default);
}
