using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gatehouse.Foundation.Messaging.Rabbit;

internal static class RabbitRegistration
{
    /// <summary>RabbitMQ as the bus where the settings name one; else the one in this process.</summary>
    public static IServiceCollection AddBus(this IServiceCollection services)
    {
        services.AddSingleton<RabbitConnector>();
        services.AddSingleton<RabbitTopology>();
        services.AddSingleton<IMessagingWork, RabbitConsumers>();
        services.AddSingleton<IEventBus>(provider => provider.GetRequiredService<BrokerOptions>().IsConfigured
            ? ActivatorUtilities.CreateInstance<RabbitBus>(provider)
            : ActivatorUtilities.CreateInstance<InProcessBus>(provider));
        services.AddOptions<HealthCheckServiceOptions>().Configure<IEventBus>((health, bus) =>
        {
            if (bus is RabbitBus rabbit)
            {
                health.Registrations.Add(new HealthCheckRegistration(
                    "broker", new BrokerHealth(rabbit), HealthStatus.Degraded, tags: null)
                {
                    Timeout = TimeSpan.FromSeconds(2),
                });
            }
        });
        return services;
    }

    /// <summary>Degraded at worst: without the broker events wait in the outbox, and nobody else has to.</summary>
    private sealed class BrokerHealth(RabbitBus bus) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(
            HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                await bus.Ping(cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (Exception)
            {
                // Told in the log once an outage, and not at each question.
                return HealthCheckResult.Degraded();
            }
        }
    }
}
