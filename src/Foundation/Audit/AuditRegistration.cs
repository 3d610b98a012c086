using Gatehouse.Foundation.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gatehouse.Foundation.Audit;

internal static class AuditRegistration
{
    /// <summary>What reads the log; where there is no database services still ask for what writes it.</summary>
    public static IServiceCollection AddAuditReading(this IServiceCollection services)
    {
        services.TryAddSingleton<IAuditLog, AuditLog>();
        return services.AddSingleton<AuditReader>().AddJson(AuditJson.Default);
    }
}
