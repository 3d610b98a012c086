using Gatehouse.Foundation.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gatehouse.Gateway.Tls;

internal static class TlsRegistration
{
    public static void AddTls(this IServiceCollection services)
    {
        services.AddSingleton<ServerCertificates>();
        services.AddSingleton<IServerTls, TlsGate>();
        services.AddHostedService<CertificateFollower>();
        services.AddOptions<HealthCheckServiceOptions>().Configure<ServerCertificates, TimeProvider>(Check);
    }

    private static void Check(HealthCheckServiceOptions health, ServerCertificates certificates, TimeProvider time)
    {
        if (certificates.AreServed)
        {
            health.Registrations.Add(new HealthCheckRegistration(
                "gateway.certificates", new CertificateHealth(certificates, time), HealthStatus.Degraded, tags: null));
        }
    }
}
