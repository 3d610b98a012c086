using Gatehouse.Foundation.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Foundation.Audit;

internal static class AuditRegistration
{
    /// <summary>What reads the log; writing comes with a module's database.</summary>
    public static IServiceCollection AddAuditReading(this IServiceCollection services) =>
        services.AddSingleton<AuditReader>().AddJson(AuditJson.Default);
}
