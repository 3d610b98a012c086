using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Forwarding;

namespace Gatehouse.Gateway.Policies;

/// <summary>A step on the way of a request, from its route's choice to the answer.</summary>
internal delegate Task RouteStep(Exchange exchange);

/// <summary>
/// Something a route may ask for beside forwarding. It is asked once a generation of the route, so that what a route
/// does not ask for costs its requests nothing.
/// </summary>
internal interface IRoutePolicy
{
    /// <summary>
    /// The step that comes before another; the other itself where the route does not ask for this one.
    /// </summary>
    RouteStep Before(RouteStep next, Route route);
}
