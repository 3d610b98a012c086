using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gatehouse.Foundation.Registry;

public static class RegistryRegistration
{
    /// <summary>
    /// Registers the modules with a gateway. After what says whether this process is ready: what is added last is told
    /// first that the process stops.
    /// </summary>
    public static IServiceCollection AddSelfRegistration(
        this IServiceCollection services, IEnumerable<string> modules)
    {
        services.AddSingleton(new RegisteredModules([.. modules]));
        return services.AddSingleton<IHostedService, SelfRegistration>();
    }
}
