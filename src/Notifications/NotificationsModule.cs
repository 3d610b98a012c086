using Gatehouse.Contracts.Notifications;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Http;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Foundation.Modules;
using Gatehouse.Notifications.Consumers;
using Gatehouse.Notifications.Http;
using Gatehouse.Notifications.Services;
using Gatehouse.Notifications.Sql;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Notifications;

/// <summary>Tells people and their programs what happened: e-mail and webhooks.</summary>
public sealed class NotificationsModule : IModule
{
    internal const string DatabaseName = "notifications";

    public string Name => DatabaseName;

    public IReadOnlyList<Type> Options => [typeof(WebhooksOptions)];

    public void AddServices(IServiceCollection services)
    {
        services.AddModuleDatabase(DatabaseName, typeof(NotificationsModule).Assembly);

        services.AddSingleton<IReadModelRepository, ReadModelRepository>();
        services.AddConsumer<ReadModelConsumer>();
        services.AddJson(NotificationsJson.Default);
        services.AddWebhooks();
    }

    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapWebhooks();
    }
}
