using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Modules;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Notifications;

/// <summary>Tells people and their programs what happened: e-mail and webhooks.</summary>
public sealed class NotificationsModule : IModule
{
    internal const string DatabaseName = "notifications";

    public string Name => DatabaseName;

    public IReadOnlyList<Type> Options => [];

    public void AddServices(IServiceCollection services)
    {
        services.AddModuleDatabase(DatabaseName, typeof(NotificationsModule).Assembly);
    }

    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
    }
}
