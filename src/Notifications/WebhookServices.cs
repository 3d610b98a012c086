using System.Net;
using Gatehouse.Contracts;
using Gatehouse.Contracts.Notifications;
using Gatehouse.Foundation.Configuration;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Foundation.Limits;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Notifications.Consumers;
using Gatehouse.Notifications.Domain.Webhooks;
using Gatehouse.Notifications.Http;
using Gatehouse.Notifications.Jobs.Webhooks;
using Gatehouse.Notifications.Services.Webhooks;
using Gatehouse.Notifications.Sql;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Notifications;

/// <summary>The half of the module that tells programs.</summary>
internal static class WebhookServices
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services)
    {
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<WebhooksOptions>();
            return new WebhookTargets(options.AllowedHosts, options.Ports);
        });
        services.AddSingleton<HostLookup>(Dns.GetHostAddressesAsync);
        services.AddSingleton(provider => new WebhookRules(
            provider.GetRequiredService<WebhookTargets>(),
            isForAll => isForAll ? WebhookCatalog.TypesForAll : WebhookCatalog.OwnTypes,
            Spelling.Nearest));
        services.AddSingleton<WebhookConnections>();
        services.AddSingleton<WebhookSender>();
        services.AddSingleton<WebhookVault>();
        services.AddSingleton<WebhookTurns>();
        services.AddSingleton<WebhookDispatch>();
        services.AddSingleton<WebhookOwners>();
        services.AddSingleton<WebhookCourier>();
        services.AddSingleton<IWebhookRepository, WebhookRepository>();
        services.AddSingleton<IWebhookDeliveryRepository, WebhookDeliveryRepository>();
        services.AddSingleton<IWebhookLogRepository, WebhookLogRepository>();
        services.AddSingleton<IRequestRules<CreateWebhook>, CreateWebhookRules>();
        services.AddSingleton<IWebhooks, WebhookService>();
        services.AddSingleton<IWebhookDeliveries, WebhookDeliveryService>();
        services.AddRateLimit(_ => WebhookEndpoints.ChangeLimit);
        services.AddRateLimit(_ => WebhookDeliveryEndpoints.SendLimit);
        services.AddConsumer<WebhookConsumer>();
        services.AddJob<WebhookDeliverJob>();
        services.AddSchedule<WebhookPruneSchedule>();
        return services;
    }
}
