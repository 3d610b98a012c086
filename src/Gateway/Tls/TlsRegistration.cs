using Gatehouse.Foundation.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Gatehouse.Gateway.Tls;

internal static class TlsRegistration
{
    public static void AddTls(this IServiceCollection services)
    {
        services.AddSingleton<ServerCertificates>();
        services.AddSingleton<IServerTls>(provider => new TlsGate(
            provider.GetRequiredService<GatewayOptions>(),
            HasListener(provider) ? provider.GetRequiredService<ServerCertificates>() : null));
        services.AddSingleton<IHostedService>(provider => HasListener(provider)
            ? ActivatorUtilities.CreateInstance<CertificateFollower>(provider)
            : new Nothing());
        services.AddOptions<HealthCheckServiceOptions>().Configure<IServiceProvider, TimeProvider>(Check);
    }

    private static void Check(HealthCheckServiceOptions health, IServiceProvider provider, TimeProvider time)
    {
        if (HasListener(provider))
        {
            var certificates = provider.GetRequiredService<ServerCertificates>();
            health.Registrations.Add(new HealthCheckRegistration(
                "gateway.certificates", new CertificateHealth(certificates, time), HealthStatus.Degraded, tags: null));
        }
    }

    private static bool HasListener(IServiceProvider provider) =>
        provider.GetRequiredService<HttpOptions>().HttpsUrl.Length > 0;

    private sealed class Nothing : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
