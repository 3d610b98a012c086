using Gatehouse.Gateway.Policies;
using Gatehouse.Gateway.Tests.Forwarding;

namespace Gatehouse.Gateway.Tests.Registry;

public sealed class LoopGuardTests
{
    private readonly LoopGuard guard = new();

    [Fact]
    public void A_route_to_servers_of_the_file_pays_nothing()
    {
        RouteStep next = _ => Task.CompletedTask;

        Assert.Same(next, guard.Before(next, GatewayRig.RouteTo(new Uri("http://127.0.0.1:1"))));
    }
}
