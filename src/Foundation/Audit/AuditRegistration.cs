using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Foundation.Audit;

internal static class AuditRegistration
{
    /// <summary>What reads the log; where there is no database services still ask for what writes it.</summary>
    public static IServiceCollection AddAuditReading(this IServiceCollection services)
    {
        services.TryAddSingleton<IAuditLog, AuditLog>();
        services.AddSingleton(provider => new AdminAudit(
            provider.GetServices<MigratedDatabase>(),
            provider.GetRequiredService<IAuditLog>(),
            provider.GetRequiredService<ILogger<AdminAudit>>()));
        return services.AddSingleton<AuditReader>().AddJson(AuditJson.Default);
    }
}
