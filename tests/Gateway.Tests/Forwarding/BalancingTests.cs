using Gatehouse.Gateway.Destinations;
using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Forwarding;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Gateway.Tests.Forwarding;

/// <summary>Where requests go.</summary>
public sealed class BalancingTests
{
    [Theory]
    [InlineData(nameof(BalancingPolicy.RoundRobin), 0.0)]
    [InlineData(nameof(BalancingPolicy.Random), 0.05)]
    [InlineData(nameof(BalancingPolicy.Hash), 0.05)]
    public void Each_gets_what_it_weighs(string policy, double tolerance)
    {
        var balancer = Balancers.Of(
            new Balancing { Policy = Enum.Parse<BalancingPolicy>(policy), HashHeader = "X-Key" });
        var targets = Targets(1, 3, 4);
        var counts = new Dictionary<string, int>();

        for (var i = 0; i < 8000; i++)
        {
            var picked = balancer.Pick(targets, With("X-Key", $"{i}")).State.Id;
            counts[picked] = counts.GetValueOrDefault(picked) + 1;
        }

        Assert.Equal([0.125, 0.375, 0.5],
            counts.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => c.Value / 8000.0),
            (expected, actual) => Math.Abs(expected - actual) <= tolerance);
    }

    [Theory]
    [InlineData(nameof(BalancingPolicy.LeastRequests))]
    [InlineData(nameof(BalancingPolicy.PowerOfTwo))]
    public void The_less_busy_is_preferred_and_after_a_start_none_is(string policy)
    {
        var balancer = Balancers.Of(new Balancing { Policy = Enum.Parse<BalancingPolicy>(policy) });
        var targets = Targets(1, 1, 1);

        var fresh = Enumerable.Range(0, 300).Select(_ => balancer.Pick(targets, With("a", "b")).State.Id).ToList();
        targets[1].State.Begin();
        targets[1].State.Begin();
        targets[2].State.Begin();
        var busy = Enumerable.Range(0, 300).Select(_ => balancer.Pick(targets, With("a", "b")).State.Id).ToList();

        Assert.All(targets, target => Assert.InRange(fresh.Count(id => id == target.State.Id), 50, 150));
        Assert.DoesNotContain("d1", busy);
        Assert.True(busy.Count(id => id == "d0") >= 150);
    }

    [Fact]
    public void When_one_is_taken_out_only_its_keys_move()
    {
        var balancer = Balancers.Of(new Balancing { Policy = BalancingPolicy.Hash, HashHeader = "X-Key" });
        var all = Targets(1, 1, 1, 1);

        for (var i = 0; i < 1000; i++)
        {
            var exchange = With("X-Key", $"key-{i}");
            var before = balancer.Pick(all, exchange);
            var after = balancer.Pick(all.AsSpan(..3), exchange);
            Assert.True(before == after || before == all[3]);
        }
    }

    [Fact]
    public async Task A_cookie_brings_its_client_back_as_long_as_the_destination_is_there()
    {
        using var one = RawUpstream.Answering("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none");
        using var two = RawUpstream.Answering("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\ntwo");
        var route = GatewayRig.RouteTo(one.Address, two.Address);
        route = route with
        {
            Cluster = route.Cluster with { Balancing = new Balancing { Policy = BalancingPolicy.Cookie } },
        };
        await using var rig = await GatewayRig.Start(route);
        using var client = new HttpClient { BaseAddress = rig.Http1 };

        var first = await client.GetStringAsync("/");
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(first, await client.GetStringAsync("/"));
        }

        rig.Swap(route with
        {
            Cluster = route.Cluster with
            {
                Destinations = [.. route.Cluster.Destinations.Skip(first == "one" ? 1 : 0).Take(1)],
            },
        });
        Assert.NotEqual(first, await client.GetStringAsync("/"));
    }

    private static Target[] Targets(params int[] weights) =>
    [
        .. weights.Select((weight, i) => new Target(
            new DestinationState(new Destination($"d{i}", new Uri("http://127.0.0.1:1"))), weight,
            Rendezvous.HashOf($"d{i}"))),
    ];

    private static Exchange With(string header, string value)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers[header] = value;
        return new Exchange
        {
            Context = context,
            Route = GatewayRig.RouteTo(new Uri("http://127.0.0.1:1")),
            RawTarget = "/",
            Path = "/",
            Match = default,
            Log = new() { Route = "", Cluster = "" },
            Deadline = TimeSpan.FromSeconds(1),
        };
    }
}
