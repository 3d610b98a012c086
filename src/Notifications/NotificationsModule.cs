using Gatehouse.Contracts.Notifications;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Http;
using Gatehouse.Foundation.Modules;
using Gatehouse.Notifications.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Notifications;

/// <summary>Tells people and their programs what happened: e-mail and webhooks.</summary>
public sealed class NotificationsModule : IModule
{
    internal const string DatabaseName = "notifications";

    public string Name => DatabaseName;

    public IReadOnlyList<Type> Options { get; } = [typeof(MailOptions), typeof(WebhooksOptions)];

    public void AddServices(IServiceCollection services)
    {
        services.AddModuleDatabase(DatabaseName, typeof(NotificationsModule).Assembly);
        services.AddJson(NotificationsJson.Default);

        services.AddMail();
        services.AddWebhooks();
    }

    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMail();
        endpoints.MapWebhooks();
    }
}
