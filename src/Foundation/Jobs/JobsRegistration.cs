using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Foundation.Jobs;

public static class JobsRegistration
{
    /// <summary>What runs jobs and schedules; for the server, since commands only put jobs in.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.AddHostedService<JobWorkers>();
        return services;
    }
}
