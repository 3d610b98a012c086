using Gatehouse.Foundation.Http;
using Gatehouse.Foundation.Redis;
using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Tests.Forwarding;
using Gatehouse.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Gateway.Tests.Policies;

/// <summary>How much of a route there is for one, for all, and at once.</summary>
public sealed class RouteLimitTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Who_is_over_the_limit_of_an_address_is_told_when_to_come_again()
    {
        using var upstream = RawUpstream.Answering(
            "HTTP/1.1 200 OK\r\nRateLimit: theirs\r\nContent-Length: 2\r\n\r\nok");
        await using var rig = await GatewayRig.Start(PerAddress(upstream, 2) with { Auth = null });

        var first = await rig.Get("/a", "X-Forwarded-For: 203.0.113.1");
        var second = await rig.Get("/a", "X-Forwarded-For: 203.0.113.2", "Forwarded: for=1.2.3.4");
        var third = await rig.Get("/a", "X-Forwarded-For: 203.0.113.3", "X-Real-IP: 1.2.3.5");

        Assert.Equal((200, 200, 429), (first.Status(), second.Status(), third.Status()));
        Assert.Equal("\"all.address\";q=2;w=3600", first.Header("RateLimit-Policy"));
        Assert.Matches("^\"all.address\";r=1;t=[0-9]+$", first.Header("RateLimit"));
        Assert.Matches("^\"all.address\";r=0;t=[0-9]+$", third.Header("RateLimit"));
        Assert.Matches("^[1-9][0-9]*$", third.Header("Retry-After"));
        Assert.Contains("\"code\":\"rate_limited\"", third, StringComparison.Ordinal);
        Assert.Equal(2, upstream.Requests.Count);
    }

    [Fact]
    public async Task Behind_a_trusted_proxy_each_client_counts_and_a_network_of_IPv6_as_one()
    {
        using var upstream = RawUpstream.Answering(Asking.Ok);
        await using var rig = await GatewayRig.Start(
            new GatewayOptions(), Trusting("127.0.0.1"), PerAddress(upstream, 1));

        var statuses = new List<int>();
        foreach (var client in new[]
        {
            "203.0.113.1", "::ffff:203.0.113.1", "198.51.100.7, 203.0.113.1", "203.0.113.2",
            "2001:db8:1:2::1", "2001:db8:1:2:ffff::2", "2001:db8:1:3::1",
        })
        {
            statuses.Add((await rig.Get("/a", $"X-Forwarded-For: {client}")).Status());
        }

        Assert.Equal([200, 429, 429, 200, 200, 429, 200], statuses);
    }

    [Fact]
    public async Task A_change_of_the_file_changes_the_limit_and_what_was_counted_counts_on()
    {
        using var upstream = RawUpstream.Answering(Asking.Ok);
        await using var rig = await GatewayRig.Start(PerAddress(upstream, 2));
        await rig.Get("/a");
        await rig.Get("/a");
        Assert.Equal(429, (await rig.Get("/a")).Status());

        rig.Swap(PerAddress(upstream, 3));
        Assert.Equal((200, 429), ((await rig.Get("/a")).Status(), (await rig.Get("/a")).Status()));
        rig.Swap(PerAddress(upstream, 1));
        Assert.Equal(429, (await rig.Get("/a")).Status());
        rig.Swap(Asking.Route(upstream));
        Assert.Equal(200, (await rig.Get("/a")).Status());
    }

    [Fact]
    public async Task An_address_over_its_own_limit_uses_up_nothing_of_all()
    {
        using var upstream = RawUpstream.Answering(Asking.Ok);
        await using var rig = await GatewayRig.Start(new GatewayOptions(), Trusting("127.0.0.1"),
            Asking.Route(upstream) with
            {
                Limits = new RouteLimits { PerAddress = new(1, Hour), Total = new(2, Hour) },
            });

        var statuses = new List<int>();
        foreach (var client in new[] { "203.0.113.1", "203.0.113.1", "203.0.113.1", "203.0.113.2", "203.0.113.3" })
        {
            statuses.Add((await rig.Get("/a", $"X-Forwarded-For: {client}")).Status());
        }

        Assert.Equal([200, 429, 429, 200, 429], statuses);
    }

    [Fact]
    public async Task One_more_at_once_than_may_be_waits_for_no_place_and_the_next_finds_one()
    {
        var go = new SemaphoreSlim(0);
        using var upstream = new RawUpstream(async connection =>
        {
            await connection.ReadRequest();
            await go.WaitAsync();
            await connection.Write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        });
        var route = Asking.Route(upstream) with { Limits = new RouteLimits { Concurrent = 2 } };
        await using var rig = await GatewayRig.Start(route);
        var under = new[] { rig.Get("/a"), rig.Get("/b") };
        await Poll.Until(() => upstream.Connections == 2, TimeSpan.FromSeconds(10), "two under way");

        var refused = await rig.Get("/c");
        rig.Swap(route with { Deadline = TimeSpan.FromSeconds(9) });
        var refusedAfterChange = await rig.Get("/d", "Content-Type: application/grpc");
        go.Release(3);
        await Task.WhenAll(under);

        Assert.Equal((503, "1"), (refused.Status(), refused.Header("Retry-After")));
        Assert.Contains("\"code\":\"overloaded\"", refused, StringComparison.Ordinal);
        Assert.Equal("14", refusedAfterChange.Header("grpc-status"));
        Assert.Equal(200, (await rig.Get("/e")).Status());
    }

    [Fact]
    public async Task WebSockets_and_calls_are_limited_as_all_else()
    {
        using var upstream = RawUpstream.Answering(Asking.Ok);
        await using var rig = await GatewayRig.Start(PerAddress(upstream, 1));
        await rig.Get("/a");

        var socket = await RawClient.Exchange(rig.Port,
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n");
        var call = await rig.Send("POST", "/a", "Content-Type: application/grpc");

        Assert.Equal(429, socket.Status());
        Assert.Equal((200, "8"), (call.Status(), call.Header("grpc-status")));
        Assert.Single(upstream.Requests);
    }

    [Fact]
    public async Task People_behind_one_address_each_have_a_limit_and_a_false_token_has_none_to_spend()
    {
        using var mint = new TokenMint();
        using var upstream = RawUpstream.Answering(Asking.Ok);
        await using var rig = await GatewayRig.Start(new GatewayOptions(), EdgeAuthTests.IdentityAt(mint),
            Asking.Route(upstream) with
            {
                Auth = new RouteAuth(),
                Limits = new RouteLimits { PerUser = new RateLimit(1, Hour) },
            });
        var (one, other) = (mint.Own("user"), mint.Own("user"));

        Assert.Equal(401, (await rig.Get("/a", "not.a.token".Bearer())).Status());
        Assert.Equal(200, (await rig.Get("/a", one.Bearer())).Status());
        Assert.Equal(429, (await rig.Get("/a", one.Bearer())).Status());
        Assert.Equal(200, (await rig.Get("/a", other.Bearer())).Status());
    }

    [Fact]
    public async Task Gateways_on_one_Redis_count_together_and_go_on_without_it()
    {
        using var redis = RedisServer.Start();
        using var upstream = RawUpstream.Answering(Asking.Ok);
        var options = new RedisOptions { Connection = redis.Connection, TimeoutMs = 3_000 };
        await using var one = await GatewayRig.Start(
            new GatewayOptions(), s => s.AddSingleton(options), PerAddress(upstream, 4));
        await using var other = await GatewayRig.Start(
            new GatewayOptions(), s => s.AddSingleton(options), PerAddress(upstream, 4));
        await ScannerTests.Up(one, other);

        var statuses = new List<int>();
        for (var i = 0; i < 3; i++)
        {
            statuses.Add((await one.Get("/a")).Status());
            statuses.Add((await other.Get("/a")).Status());
        }

        Assert.Equal([200, 200, 200, 200, 429, 429], statuses);
        redis.Kill();
        var after = new List<int>();
        for (var i = 0; i < 6; i++)
        {
            after.Add((await one.Get("/a")).Status());
        }

        Assert.Contains(200, after);
        Assert.Equal(429, after[^1]);
    }

    internal static Action<IServiceCollection> Trusting(string proxy) =>
        services => services.AddSingleton(new HttpOptions { TrustedProxies = [proxy] });

    private static Route PerAddress(RawUpstream upstream, int requests) => Asking.Route(upstream) with
    {
        Limits = new RouteLimits { PerAddress = new RateLimit(requests, Hour) },
    };
}
