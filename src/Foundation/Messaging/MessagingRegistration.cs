using Gatehouse.Foundation.Http;
using Gatehouse.Foundation.Messaging.Rabbit;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Foundation.Messaging;

public static class MessagingRegistration
{
    /// <summary>
    /// For a server: relays of the databases that the modules brought, their consumers, and the bus between them.
    /// </summary>
    public static IServiceCollection AddMessaging(this IServiceCollection services)
    {
        services.AddSingleton<Inbox>();
        services.AddBus();
        services.AddHostedService<MessagingServer>();
        services.AddJson(DeadLetterJson.Default);
        return services;
    }
}
