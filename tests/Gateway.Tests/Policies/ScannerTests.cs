using System.Net;
using Gatehouse.Foundation.Http;
using Gatehouse.Foundation.Limits;
using Gatehouse.Foundation.Redis;
using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Tests.Forwarding;
using Gatehouse.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Gateway.Tests.Policies;

/// <summary>Who asks for what is not here.</summary>
public sealed class ScannerTests
{
    private const string Missing = "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone";
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task More_than_ten_answers_of_404_and_nothing_is_answered_for_an_hour_until_it_is_lifted()
    {
        using var upstream = RawUpstream.Answering(Missing);
        await using var rig = await GatewayRig.Start(Asking.Route(upstream, "/shop/{**rest}"));
        for (var i = 0; i < 10; i++)
        {
            // Of a route, and of nobody; with a token that is none.
            Assert.Equal(404, (await rig.Get(i % 2 == 0 ? "/shop/x" : "/wp-admin", "not.a.token".Bearer())).Status());
        }

        Assert.Null(Blocks(rig).Left(IPAddress.Loopback));
        await rig.Get("/shop/y");
        await Blocked(rig, IPAddress.Loopback);
        var refused = await rig.Get("/anything/else");

        Assert.Equal(429, refused.Status());
        Assert.Contains("\"code\":\"blocked\"", refused, StringComparison.Ordinal);
        Assert.InRange(int.Parse(refused.Header("Retry-After")!, System.Globalization.CultureInfo.InvariantCulture),
            3_500, 3_600);
        Assert.Equal("8", (await rig.Send("POST", "/x", "Content-Type: application/grpc")).Header("grpc-status"));
        // For orchestrators, who may come from the same address.
        Assert.Equal(404, (await rig.Get("/health/live")).Status());
        Assert.Single(rig.Log.All, line =>
            line.StartsWith("11240 127.0.0.1 is blocked for 60", StringComparison.Ordinal));
        var requests = upstream.Requests.Count;

        Assert.True(await Blocks(rig).Lift(IPAddress.Loopback));
        Assert.Equal(404, (await rig.Get("/shop/x")).Status());
        Assert.Equal(requests + 1, upstream.Requests.Count);
    }

    [Fact]
    public async Task A_network_of_IPv6_is_one_client_and_a_trusted_proxy_is_none()
    {
        using var upstream = RawUpstream.Answering(Missing);
        await using var rig = await GatewayRig.Start(new GatewayOptions { Scanner404Max = 3 },
            RouteLimitTests.Trusting("127.0.0.0/8"), Asking.Route(upstream));
        for (var i = 0; i < 8; i++)
        {
            // Without the header it is the proxy's own; a client cannot pretend to be one either.
            Assert.Equal(404, (await rig.Get("/x")).Status());
            Assert.Equal(404, (await rig.Get("/x", "X-Forwarded-For: 127.0.0.9")).Status());
        }

        for (var i = 0; i < 4; i++)
        {
            await rig.Get("/x", $"X-Forwarded-For: 10.9.9.{i}, 2001:db8:1:2::{i}");
        }

        await Blocked(rig, IPAddress.Parse("2001:db8:1:2:ffff::1"));
        Assert.Equal(429, (await rig.Get("/x", "X-Forwarded-For: 2001:db8:1:2:abcd::9")).Status());
        Assert.Equal(404, (await rig.Get("/x", "X-Forwarded-For: 2001:db8:1:3::1")).Status());
        Assert.Equal(404, (await rig.Get("/x")).Status());
        Assert.Equal("2001:db8:1:2::", Assert.Single(Blocks(rig).All).Address.ToString());
        Assert.True(await Blocks(rig).Lift(IPAddress.Parse("2001:db8:1:2::77")));
    }

    [Fact]
    public async Task Who_is_signed_in_may_miss_what_is_gone()
    {
        using var mint = new TokenMint();
        using var upstream = RawUpstream.Answering(Missing);
        await using var rig = await GatewayRig.Start(
            new GatewayOptions { Scanner404Max = 1 }, EdgeAuthTests.IdentityAt(mint),
            Asking.Route(upstream, "/guarded") with { Auth = new RouteAuth() },
            Asking.Route(upstream, "/open") with { Id = "open" });
        var token = mint.Own("user").Bearer();

        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(404, (await rig.Get("/guarded", token)).Status());
            Assert.Equal(404, (await rig.Get("/open", token)).Status());
        }
    }

    [Fact]
    public async Task Pages_of_other_sites_block_nobody_and_who_is_known_passes_a_block()
    {
        using var mint = new TokenMint();
        using var upstream = RawUpstream.Answering(Missing);
        await using var rig = await GatewayRig.Start(
            new GatewayOptions { Scanner404Max = 1 }, EdgeAuthTests.IdentityAt(mint),
            Asking.Route(upstream, "/guarded") with { Auth = new RouteAuth() });
        var token = mint.Own("user").Bearer();
        Assert.Equal(404, (await rig.Get("/guarded", token)).Status());
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(404, (await rig.Get("/image.png", "Sec-Fetch-Site: cross-site")).Status());
        }

        Assert.Null(Blocks(rig).Left(IPAddress.Loopback));
        await rig.Get("/x");
        await rig.Get("/x", "Sec-Fetch-Site: same-origin");
        await Blocked(rig, IPAddress.Loopback);

        Assert.Equal(404, (await rig.Get("/guarded", token)).Status());
        Assert.Equal(429, (await rig.Get("/guarded", mint.Own("user").Bearer())).Status());
        Assert.Equal(429, (await rig.Get("/guarded")).Status());
    }

    [Fact]
    public async Task Switched_off_nobody_is_blocked()
    {
        using var upstream = RawUpstream.Answering(Missing);
        await using var rig = await GatewayRig.Start(
            new GatewayOptions { Scanner404Max = 0 }, Asking.Route(upstream));

        for (var i = 0; i < 15; i++)
        {
            Assert.Equal(404, (await rig.Get("/x")).Status());
        }
    }

    [Fact]
    public async Task Gateways_on_one_Redis_count_and_block_together_and_a_new_one_knows()
    {
        using var redis = RedisServer.Start();
        using var upstream = RawUpstream.Answering(Missing);
        var options = new RedisOptions { Connection = redis.Connection, TimeoutMs = 3_000 };
        Task<GatewayRig> Gateway() => GatewayRig.Start(
            new GatewayOptions { Scanner404Max = 3 }, s => s.AddSingleton(options), Asking.Route(upstream));
        await using var one = await Gateway();
        await using var other = await Gateway();
        await Up(one, other);

        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(404, (await (i % 2 == 0 ? one : other).Get("/x")).Status());
        }

        await Blocked(one, IPAddress.Loopback);
        await Blocked(other, IPAddress.Loopback);
        await using (var restarted = await Gateway())
        {
            await Blocked(restarted, IPAddress.Loopback);
            Assert.True(await Blocks(restarted).Lift(IPAddress.Loopback));
        }

        await Poll.Until(
            () => Blocks(one).All.Count + Blocks(other).All.Count == 0, Soon, "both to hear that it is lifted");
        redis.Kill();
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(404, (await one.Get("/x")).Status());
        }

        // Alone now, and the others cannot be told.
        await Blocked(one, IPAddress.Loopback);
        await Assert.ThrowsAsync<ProblemException>(async () => await Blocks(one).Lift(IPAddress.Loopback));
        Assert.Equal(429, (await one.Get("/x")).Status());
    }

    internal static async Task Up(params GatewayRig[] rigs)
    {
        foreach (var rig in rigs)
        {
            await Poll.Until(
                () => rig.Services.GetRequiredService<RedisConnection>().IsUp, Soon, "Redis to answer");
        }
    }

    private static AddressBlocks Blocks(GatewayRig rig) => rig.Services.GetRequiredService<AddressBlocks>();

    // The answer may be there before it is counted.
    private static Task Blocked(GatewayRig rig, IPAddress address) =>
        Poll.Until(() => Blocks(rig).Left(address) is not null, Soon, "the block");
}
