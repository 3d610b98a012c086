using Gatehouse.Foundation.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gatehouse.Foundation.Messaging;

public static class MessagingRegistration
{
    /// <summary>
    /// For a server: relays of the databases that the modules brought, their consumers, and the bus between them.
    /// </summary>
    public static IServiceCollection AddMessaging(this IServiceCollection services)
    {
        services.AddSingleton<Inbox>();
        services.TryAddSingleton<IEventBus, InProcessBus>();
        services.AddHostedService<MessagingServer>();
        services.AddJson(DeadLetterJson.Default);
        return services;
    }
}
