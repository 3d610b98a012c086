using Gatehouse.Foundation.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Foundation.Jobs;

public static class JobsRegistration
{
    /// <summary>What runs jobs and schedules; for the server, since commands only put jobs in.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.AddJson(JobsJson.Default);
        services.AddSingleton<JobService>();
        services.AddSingleton<ScheduleService>();
        services.AddSingleton<WorkerPool>();
        services.AddHostedService(provider => provider.GetRequiredService<WorkerPool>());
        services.AddHostedService<JobWorkers>();
        services.AddSingleton<ScheduleRunner>();
        services.AddHostedService(provider => provider.GetRequiredService<ScheduleRunner>());
        // In front of what the operator says, who may want to hear more.
        services.Configure<LoggerFilterOptions>(logging =>
            logging.Rules.Insert(0, new LoggerFilterRule(null, nameof(Quartz), LogLevel.Warning, null)));
        return services;
    }
}
