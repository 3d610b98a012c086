using System.Net;
using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Tests.Forwarding;

/// <summary>Whose a request is: a route's, this process's, nobody's.</summary>
public sealed class EdgeTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    [Theory]
    [InlineData("/health")]
    [InlineData("/Health/live")]
    [InlineData("//health/ready")]
    [InlineData("/%68ealth")]
    [InlineData("/metrics?x")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/docs/index.html")]
    [InlineData("/gateway/config")]
    public async Task No_route_takes_what_the_process_is_run_by(string target)
    {
        using var upstream = RawUpstream.Answering(Ok);
        await using var rig = await GatewayRig.Start(RouteTo(upstream, "/{**rest}"));

        Assert.StartsWith("HTTP/1.1 404 ", await Get(rig, target), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200 ", await Get(rig, "/healthy"), StringComparison.Ordinal);
        Assert.Equal("GET /healthy HTTP/1.1", Assert.Single(upstream.Requests).Line);
    }

    [Theory]
    [InlineData("/admin;x/users")]
    [InlineData("/admin;/users;y=1")]
    [InlineData("/;x/admin/users")]
    [InlineData("/ad%6Din;a=%41/users")]
    public async Task Parameters_of_a_path_lead_past_no_route(string target)
    {
        using var guarded = RawUpstream.Answering(Ok);
        using var open = RawUpstream.Answering(Ok);
        await using var rig = await GatewayRig.Start(
            RouteTo(guarded, "/admin/users"), RouteTo(open, "/{**rest}"));

        await Get(rig, target);

        Assert.Equal($"GET {target} HTTP/1.1", Assert.Single(guarded.Requests).Line);
        Assert.Empty(open.Requests);
    }

    [Theory]
    [InlineData("/a;%2Fb/c")]
    [InlineData("/a/..;x/c")]
    [InlineData("/a/..%3Bx/c")]
    [InlineData("/a;%zz/c")]
    [InlineData("/a;%01/c")]
    public async Task Parameters_of_a_path_hide_nothing(string target)
    {
        using var upstream = RawUpstream.Answering(Ok);
        await using var rig = await GatewayRig.Start(RouteTo(upstream, "/{**rest}"));

        Assert.Contains("ambiguous_path", await Get(rig, target), StringComparison.Ordinal);
        Assert.Empty(upstream.Requests);
    }

    [Theory]
    [InlineData("shop.example")]
    [InlineData("SHOP.example.")]
    [InlineData("shop.example.:8080")]
    public async Task A_host_may_end_with_a_dot(string host)
    {
        using var upstream = RawUpstream.Answering(Ok);
        var route = RouteTo(upstream, "/");
        await using var rig = await GatewayRig.Start(route with
        {
            Match = route.Match with { Hosts = [HostPattern.Parse("shop.example", out _)!] },
        });

        Assert.StartsWith("HTTP/1.1 200 ", await Get(rig, "/", host), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_GET_opens_a_web_socket()
    {
        using var upstream = RawUpstream.Answering(Ok);
        await using var rig = await GatewayRig.Start(RouteTo(upstream, "/", "POST"));

        await RawClient.Exchange(rig.Port,
            "POST / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n");

        var request = Assert.Single(upstream.Requests);
        Assert.Equal(("POST / HTTP/1.1", null), (request.Line, request.Header("Upgrade")));
    }

    [Theory]
    [InlineData("TRACE / HTTP/1.1\r\nHost: a\r\n")]
    [InlineData("TRACE / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n")]
    [InlineData("CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n")]
    public async Task Neither_TRACE_nor_CONNECT_is_passed_on(string head)
    {
        using var upstream = RawUpstream.Answering(Ok);
        await using var rig = await GatewayRig.Start(RouteTo(upstream, "/{**rest}"));

        var answer = await RawClient.Exchange(rig.Port, $"{head}Connection: close\r\n\r\n");

        Assert.Matches("^HTTP/1.1 40[45] ", answer);
        Assert.Empty(upstream.Requests);
    }

    [Fact]
    public async Task Capitals_lead_past_no_route_to_this_process()
    {
        using var upstream = RawUpstream.Answering(Ok);
        await using var rig = await GatewayRig.Start(RouteTo(upstream, "/auth/{**rest}"));

        Assert.Contains("with regard to case", await Get(rig, "/AUTH/login"), StringComparison.Ordinal);
        Assert.DoesNotContain("with regard to case", await Get(rig, "/OTHER/login"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_without_a_route_or_with_too_long_a_body_gets_what_gRPC_can_read()
    {
        using var upstream = RawUpstream.Answering(Ok);
        await using var rig = await GatewayRig.Start(RouteTo(upstream, "/short") with { BodyBytesMax = 4 });
        using var client = new HttpClient();

        using var nowhere = await client.SendAsync(Call(new Uri(rig.Http2, "/nowhere"), 1));
        using var tooLong = await client.SendAsync(Call(new Uri(rig.Http2, "/short"), 5));

        Assert.Equal("12", nowhere.Headers.GetValues("grpc-status").Single());
        Assert.Equal("8", tooLong.Headers.GetValues("grpc-status").Single());
        using var plain = Call(new Uri(rig.Http2, "/short"), 5);
        plain.Content!.Headers.ContentType = null;
        using var refused = await client.SendAsync(plain);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.StatusCode);
    }

    // In chunks: its length is not known before it is read.
    private static HttpRequestMessage Call(Uri uri, int bytes)
    {
        var body = new MemoryStream(new byte[bytes]);
        var request = new HttpRequestMessage(HttpMethod.Post, uri)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StreamContent(body),
        };
        request.Headers.TransferEncodingChunked = true;
        request.Content.Headers.ContentType = new("application/grpc");
        return request;
    }

    private static Route RouteTo(RawUpstream upstream, string path, params string[] methods) =>
        GatewayRig.RouteTo(upstream.Address) with
        {
            Id = path,
            Match = new RouteConditions { Path = PathPattern.Parse(path, out _)!, Methods = methods },
        };

    private static Task<string> Get(GatewayRig rig, string target, string host = "a") => RawClient.Exchange(
        rig.Port, $"GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
}
