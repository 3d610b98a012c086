using System.Runtime.CompilerServices;
using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Forwarding;

namespace Gatehouse.Gateway.Policies;

/// <summary>What the requests of each route go through, put together once a generation of the route.</summary>
/// <param name="policies">In the order in which requests meet them.</param>
/// <param name="forwarder">The last step.</param>
internal sealed class RouteSteps(IEnumerable<IRoutePolicy> policies, Forwarder forwarder)
{
    private readonly ConditionalWeakTable<Route, RouteStep> generations = [];
    private readonly IReadOnlyList<IRoutePolicy> inwards = [.. policies.Reverse()];

    public RouteStep Of(Route route) =>
        generations.TryGetValue(route, out var first) ? first : generations.GetValue(route, Make);

    private RouteStep Make(Route route) =>
        inwards.Aggregate((RouteStep)forwarder.Forward, (next, policy) => policy.Before(next, route));
}
