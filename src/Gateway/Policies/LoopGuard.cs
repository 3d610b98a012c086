using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Forwarding;
using Gatehouse.Kernel;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.Gateway.Policies;

/// <summary>
/// Ends what would go round for ever: each gateway on the way has put itself into <c>Via</c>. The status is none that
/// is tried again.
/// </summary>
internal sealed class LoopGuard : IRoutePolicy
{
    /// <summary>Gateways in a row, such as one at the edge before one of a team.</summary>
    public const int PassesMax = 5;

    public RouteStep Before(RouteStep next, Route route) => exchange =>
        exchange.Context.Request.Headers.Via is { Count: > 0 } via && Passes(via) >= PassesMax
            ? EdgeAnswers.Refuse(exchange.Context, new Problem(
                GatewayProblemCodes.ForwardingLoop, "A destination of a route leads back to a gateway before it."))
            : next(exchange);

    private static int Passes(StringValues via)
    {
        var passes = 0;
        for (var i = 0; i < via.Count; i++)
        {
            foreach (var part in via[i].AsSpan().Split(','))
            {
                passes += via[i].AsSpan()[part].Trim().EndsWith(" gatehouse", StringComparison.Ordinal) ? 1 : 0;
            }
        }

        return passes;
    }
}
