using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Forwarding;
using Gatehouse.Kernel;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.Gateway.Policies;

/// <summary>
/// Ends requests that went through gateways again and again: two that register with each other would hand one on until
/// its deadline. Asked for by routes to servers that register; those of the file somebody wrote down.
/// </summary>
internal sealed class LoopGuard : IRoutePolicy
{
    public const int PassesMax = 4;
    private const string Here = "gatehouse";

    public RouteStep Before(RouteStep next, Route route) => route.Cluster.Registry is null
        ? next
        : exchange => Passes(exchange.Context.Request.Headers.Via) > PassesMax
            ? EdgeAnswers.Refuse(exchange.Context, new Problem(
                GatewayProblemCodes.LoopDetected, $"It went through more than {PassesMax} gateways."))
            : next(exchange);

    private static int Passes(StringValues via)
    {
        var passes = 0;
        for (var i = 0; i < via.Count; i++)
        {
            for (var at = Find(via[i], 0); at >= 0; at = Find(via[i], at + Here.Length))
            {
                passes++;
            }
        }

        return passes;
    }

    private static int Find(string? via, int from) => via?.IndexOf(Here, from, StringComparison.OrdinalIgnoreCase) ?? -1;
}
