using Gatehouse.Gateway.Destinations;

namespace Gatehouse.Gateway.Forwarding;

/// <summary>Chooses where a request goes.</summary>
internal interface IBalancer
{
    /// <param name="targets">One at least.</param>
    /// <param name="exchange">Whose; what of it counts is the balancer's.</param>
    Target Pick(ReadOnlySpan<Target> targets, Exchange exchange);
}
