using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Gatehouse.Foundation.Redis;

internal static class RedisRegistration
{
    /// <summary>The connection, begun when the server starts, and its line in <c>/health</c>.</summary>
    public static IServiceCollection AddRedis(this IServiceCollection services)
    {
        services.TryAddSingleton<RedisConnection>();
        services.AddHostedService<RedisStart>();
        services.AddOptions<HealthCheckServiceOptions>().Configure<RedisConnection>((health, redis) =>
        {
            if (redis.IsConfigured)
            {
                health.Registrations.Add(new HealthCheckRegistration(
                    "redis", new RedisHealth(redis), HealthStatus.Degraded, tags: null));
            }
        });
        return services;
    }

    private sealed class RedisStart(RedisConnection redis) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            redis.Start();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>Degraded at worst: without Redis an instance still serves, with limits and caches of its own.</summary>
    private sealed class RedisHealth(RedisConnection redis) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(
            HealthCheckContext context, CancellationToken cancellationToken = default) =>
            (await redis.Try(static (database, _) => database.PingAsync(), 0)).Ok
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Degraded();
    }
}
