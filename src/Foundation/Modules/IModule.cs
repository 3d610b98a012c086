using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Foundation.Modules;

/// <summary>A vertical slice of the product: one project, whose only public class is this.</summary>
public interface IModule
{
    /// <summary>Lower case; names its database file or schema, and the module in <c>GATEHOUSE_MODULES</c>.</summary>
    string Name { get; }

    /// <summary>
    /// The options classes it reads; each is bound, validated and registered as a singleton before anything else.
    /// </summary>
    IReadOnlyList<Type> Options { get; }

    void AddServices(IServiceCollection services);

    void MapEndpoints(IEndpointRouteBuilder endpoints);
}
