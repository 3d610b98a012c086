using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Http;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Foundation.Messaging.Rabbit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gatehouse.Foundation.Messaging;

public static class MessagingRegistration
{
    private static readonly TimeSpan HealthTimeout = TimeSpan.FromSeconds(2);

    /// <summary>
    /// For a server, after its modules: relays of their databases, retries of their consumers, and the bus between.
    /// </summary>
    public static IServiceCollection AddMessaging(this IServiceCollection services)
    {
        services.AddSingleton<Inbox>();
        services.AddBus();
        services.AddHostedService<MessagingServer>();
        services.AddJson(DeadLetterJson.Default);
        var names = services
            .Where(service => service.IsKeyedService && service.ServiceType == typeof(Database))
            .Select(service => (string)service.ServiceKey!)
            .ToList();
        foreach (var name in names)
        {
            services.AddSingleton<ISchedule>(provider => ActivatorUtilities.CreateInstance<PruneMessages>(
                provider, provider.GetRequiredKeyedService<Database>(name)));
            services.AddHealthChecks().Add(new HealthCheckRegistration(
                $"outbox.{name}",
                provider => ActivatorUtilities.CreateInstance<OutboxHealth>(
                    provider, provider.GetRequiredKeyedService<Database>(name)),
                HealthStatus.Degraded,
                tags: null,
                HealthTimeout));
        }

        return services;
    }
}
