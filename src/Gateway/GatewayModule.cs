using Gatehouse.Foundation.Modules;
using Gatehouse.Gateway.Forwarding;
using Gatehouse.Gateway.Services;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Gateway;

/// <summary>Forwards to services elsewhere. It needs no database.</summary>
public sealed class GatewayModule : IModule
{
    internal const string ModuleName = "gateway";

    public string Name => ModuleName;

    public IReadOnlyList<Type> Options => [typeof(GatewayOptions)];

    public void AddServices(IServiceCollection services)
    {
        services.AddSingleton<Snapshots>();
        services.AddForwarding();
    }

    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
    }
}
