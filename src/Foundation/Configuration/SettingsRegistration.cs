using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Foundation.Configuration;

public static class SettingsRegistration
{
    /// <summary>Registers the settings and each options object under its own type, as plain singletons.</summary>
    public static IServiceCollection AddSettings(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton(settings);
        foreach (var (type, options) in settings.Options)
        {
            services.AddSingleton(type, options);
        }

        return services;
    }

    /// <summary>What was registered before: for a module that adds services only where a setting asks for them.</summary>
    public static TOptions? OptionsOf<TOptions>(this IServiceCollection services)
        where TOptions : class =>
        services.LastOrDefault(service => service.ServiceType == typeof(TOptions))?.ImplementationInstance as TOptions;
}
