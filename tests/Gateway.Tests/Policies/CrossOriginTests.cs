using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Tests.Forwarding;

namespace Gatehouse.Gateway.Tests.Policies;

/// <summary>Pages of other origins.</summary>
public sealed class CrossOriginTests
{
    private const string Page = "Origin: https://page.example";
    private static readonly Cors Named = new()
    {
        Origins = ["https://page.example"],
        Methods = ["GET", "PUT"],
        Headers = ["X-Mine"],
        Exposed = ["ETag"],
        Credentials = true,
        MaxAge = TimeSpan.FromMinutes(5),
    };

    [Fact]
    public async Task A_preflight_is_answered_here_though_the_route_takes_no_OPTIONS_and_asks_for_sign_in()
    {
        using var upstream = RawUpstream.Answering(Asking.Ok);
        await using var rig = await GatewayRig.Start(
            Asking.Route(upstream, "/a", "PUT") with { Cors = Named, Auth = new RouteAuth() });

        var answer = await rig.Send("OPTIONS", "/a", Page, "Access-Control-Request-Method: PUT");

        Assert.Equal(204, answer.Status());
        Assert.Equal("https://page.example", answer.Header("Access-Control-Allow-Origin"));
        Assert.Equal("GET, PUT", answer.Header("Access-Control-Allow-Methods"));
        Assert.Equal("X-Mine", answer.Header("Access-Control-Allow-Headers"));
        Assert.Equal("300", answer.Header("Access-Control-Max-Age"));
        Assert.Equal("true", answer.Header("Access-Control-Allow-Credentials"));
        Assert.Equal("Origin", answer.Header("Vary"));
        Assert.Empty(upstream.Requests);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("https://page.example.evil.example")]
    [InlineData("http://page.example")]
    [InlineData("https://PAGE.example")]
    [InlineData("null")]
    [InlineData("https://page.example, https://evil.example")]
    public async Task An_origin_that_is_not_named_gets_no_permission(string origin)
    {
        using var upstream = RawUpstream.Answering(
            "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 2\r\n\r\nok");
        await using var rig = await GatewayRig.Start(Asking.Route(upstream) with { Cors = Named });

        var asked = await rig.Send("OPTIONS", "/a", $"Origin: {origin}", "Access-Control-Request-Method: PUT");
        var sent = await rig.Get("/a", $"Origin: {origin}");

        Assert.Contains("origin_not_allowed", asked, StringComparison.Ordinal);
        Assert.Equal((403, 200), (asked.Status(), sent.Status()));
        foreach (var answer in new[] { asked, sent })
        {
            Assert.DoesNotContain("Access-Control-", answer, StringComparison.OrdinalIgnoreCase);
            Assert.Equal("Origin", answer.Header("Vary"));
        }
    }

    [Fact]
    public async Task What_the_upstream_says_of_it_is_replaced()
    {
        using var upstream = RawUpstream.Answering(
            "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nAccess-Control-Allow-Methods: DELETE\r\n" +
            "Access-Control-Expose-Headers: X-Secret\r\nVary: Accept\r\nContent-Length: 2\r\n\r\nok");
        await using var rig = await GatewayRig.Start(Asking.Route(upstream) with { Cors = Named });

        var answer = await rig.Get("/a", Page);

        Assert.Equal("https://page.example", answer.Header("Access-Control-Allow-Origin"));
        Assert.Equal("ETag", answer.Header("Access-Control-Expose-Headers"));
        Assert.Null(answer.Header("Access-Control-Allow-Methods"));
        Assert.Equal("Accept\nOrigin", answer.Header("Vary"));
        Assert.Equal("Accept\nOrigin", (await rig.Get("/a")).Header("Vary"));
    }

    [Fact]
    public async Task Errors_of_the_gateway_may_be_read_too()
    {
        using var upstream = new RawUpstream(async connection =>
        {
            await connection.ReadRequest();
            await connection.Write("HTTP/1.1 200 OK\r\nX-A: a\u0001b\r\nContent-Length: 0\r\n\r\n");
        });
        await using var rig = await GatewayRig.Start(Asking.Route(upstream) with { Cors = Named });
        var broken = await rig.Get("/a", Page);
        upstream.Stop();
        var dead = await rig.Get("/a", Page);
        rig.Swap(Asking.Route(upstream) with { Cors = Named, Auth = new RouteAuth() });
        var unknown = await rig.Get("/a", Page);
        var framing = await rig.Send("GeT", "/a", Page);

        Assert.Equal((502, 502, 401, 400), (broken.Status(), dead.Status(), unknown.Status(), framing.Status()));
        Assert.All([broken, dead, unknown, framing], answer =>
            Assert.Equal("https://page.example", answer.Header("Access-Control-Allow-Origin")));
    }

    [Fact]
    public async Task A_star_is_for_all_and_needs_no_Vary()
    {
        using var upstream = RawUpstream.Answering(Asking.Ok);
        await using var rig = await GatewayRig.Start(
            Asking.Route(upstream) with { Cors = new Cors { Origins = ["*"] } });

        var answer = await rig.Get("/a", Page);

        Assert.Equal(("*", null), (answer.Header("Access-Control-Allow-Origin"), answer.Header("Vary")));
    }

    [Fact]
    public async Task Without_cors_preflights_are_the_upstreams_and_the_named_header_finds_its_route()
    {
        using var plain = RawUpstream.Answering(Asking.Ok);
        using var beta = RawUpstream.Answering(Asking.Ok);
        var betaOnly = Asking.Route(beta) with { Id = "beta", Cors = Named };
        await using var rig = await GatewayRig.Start(Asking.Route(plain), betaOnly with
        {
            Match = betaOnly.Match with { Headers = [new ValueCondition("X-Beta", "1")] },
        });

        var own = await rig.Send("OPTIONS", "/a", Page, "Access-Control-Request-Method: GET");
        var named = await rig.Send("OPTIONS", "/a", Page, "Access-Control-Request-Method: GET",
            "Access-Control-Request-Headers: x-beta");

        Assert.Equal((200, 204), (own.Status(), named.Status()));
        Assert.Equal("OPTIONS /a HTTP/1.1", Assert.Single(plain.Requests).Line);
    }

    [Theory]
    [InlineData("https://evil.example", 403)]
    [InlineData("https://page.example", 200)]
    [InlineData("https://shop.example", 200)]
    [InlineData(null, 200)]
    public async Task A_WebSocket_is_opened_for_named_origins_and_the_host_itself(string? origin, int status)
    {
        using var upstream = RawUpstream.Answering(Asking.Ok);
        await using var rig = await GatewayRig.Start(Asking.Route(upstream) with { Cors = Named });

        var answer = await RawClient.Exchange(rig.Port,
            "GET / HTTP/1.1\r\nHost: shop.example\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n" +
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
            (origin is null ? "" : $"Origin: {origin}\r\n") + "\r\n");

        Assert.Equal(status, answer.Status());
        Assert.Equal(status == 200 ? 1 : 0, upstream.Requests.Count);
    }
}
