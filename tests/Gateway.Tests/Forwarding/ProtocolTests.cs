using System.Net;
using System.Net.WebSockets;
using System.Text;
using Gatehouse.Gateway.Domain;
using Gatehouse.Testing;

namespace Gatehouse.Gateway.Tests.Forwarding;

/// <summary>HTTP/2, gRPC and WebSockets, with a real server behind.</summary>
public sealed class ProtocolTests
{
    private static readonly SocketsHttpHandler AnyCertificate = new()
    {
        SslOptions = new()
        {
            RemoteCertificateValidationCallback =
                (_, certificate, _, _) => certificate?.GetCertHashString() == ServerPorts.CertificateHash,
        },
        EnableMultipleHttp2Connections = true,
    };

    [Theory]
    [InlineData("1.1", false, false)]
    [InlineData("2.0", false, false)]
    [InlineData("1.1", true, false)]
    [InlineData("2.0", true, true)]
    [InlineData("2.0", false, true)]
    [InlineData("1.1", false, true)]
    public async Task Either_version_is_spoken_on_either_side(string version, bool isTls, bool isHttp2Behind)
    {
        await using var upstream = await EchoServer.Start();
        await using var rig = await GatewayRig.Start(RouteTo(upstream, isHttp2Behind));
        using var client = new HttpClient(AnyCertificate, disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(
            isTls ? rig.Tls : version == "2.0" ? rig.Http2 : rig.Http1, "/echo?x=%2F"))
        {
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(new byte[300_000]),
        };
        request.Headers.Host = "shop.example";

        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(300_000, (await answer.Content.ReadAsByteArrayAsync()).Length);
        Assert.Equal(isHttp2Behind ? "HTTP/2" : "HTTP/1.1", answer.Headers.GetValues("X-Protocol").Single());
        Assert.Equal("/echo?x=%2F", answer.Headers.GetValues("X-Target").Single());
        Assert.Equal("shop.example", answer.Headers.GetValues("X-Host").Single());
    }

    [Fact]
    public async Task A_call_streams_both_ways_and_ends_with_its_trailers()
    {
        await using var upstream = await EchoServer.Start();
        await using var rig = await GatewayRig.Start(RouteTo(upstream, isHttp2: true));
        using var client = new HttpClient(AnyCertificate, disposeHandler: false);
        var writing = new TaskCompletionSource<Stream>();
        var done = new TaskCompletionSource();
        using var request = Grpc(rig, "/grpc/echo", new PushContent(writing, done.Task));

        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        var (to, from) = (await writing.Task, await answer.Content.ReadAsStreamAsync());
        for (var i = 0; i < 3; i++)
        {
            await to.WriteAsync("ping"u8.ToArray());
            await to.FlushAsync();
            var echoed = new byte[4];
            await from.ReadExactlyAsync(echoed);
            Assert.Equal("ping", Encoding.ASCII.GetString(echoed));
        }

        done.SetResult();
        Assert.Equal(0, await from.ReadAsync(new byte[1]));
        Assert.Equal("0", answer.TrailingHeaders.GetValues("grpc-status").Single());
    }

    [Fact]
    public async Task An_upload_ends_with_the_answer_to_it()
    {
        await using var upstream = await EchoServer.Start();
        await using var rig = await GatewayRig.Start(RouteTo(upstream, isHttp2: true) with
        {
            Retry = new Retry { BodyBytesMax = 4 * 1024 * 1024 },
        });
        using var client = new HttpClient(AnyCertificate, disposeHandler: false);

        using var answer = await client.PutAsync(
            new Uri(rig.Http1, "/early"), new ByteArrayContent(new byte[4_000_000]));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await Poll.Until(
            () => rig.Log.All.Any(line => line.StartsWith("11100 PUT", StringComparison.Ordinal)),
            TimeSpan.FromSeconds(5), "the end of the request");
        Assert.False(await upstream.ReadLate().WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task A_call_that_fails_gets_what_gRPC_can_read()
    {
        await using var upstream = await EchoServer.Start();
        var nowhere = GatewayRig.RouteTo(new Uri("http://127.0.0.1:1"));
        await using var rig = await GatewayRig.Start(nowhere, RouteTo(upstream, isHttp2: true) with
        {
            Id = "late",
            Match = new RouteConditions { Path = PathPattern.Parse("/grpc/silent", out _)! },
        });
        using var client = new HttpClient(AnyCertificate, disposeHandler: false);

        using var unreachable = await client.SendAsync(Grpc(rig, "/", new ByteArrayContent([])));
        using var late = Grpc(rig, "/grpc/silent", new ByteArrayContent([]));
        late.Headers.Add("grpc-timeout", "200m");
        using var tooLate = await client.SendAsync(late);

        Assert.Equal(
            (HttpStatusCode.OK, "14", "upstream_connect"),
            (unreachable.StatusCode, unreachable.Headers.GetValues("grpc-status").Single(),
                unreachable.Headers.GetValues("grpc-message").Single()));
        Assert.Equal("4", tooLate.Headers.GetValues("grpc-status").Single());
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_web_socket_carries_messages_of_any_size_both_ways(string version)
    {
        await using var upstream = await EchoServer.Start();
        await using var rig = await GatewayRig.Start(RouteTo(upstream, isHttp2: false));
        using var socket = await Open(rig, version);
        foreach (var size in new[] { 0, 1, 125, 126, 65_536, 500_000 })
        {
            var sent = new byte[size];
            Random.Shared.NextBytes(sent);
            await socket.SendAsync(sent, WebSocketMessageType.Binary, true, CancellationToken.None);
            Assert.Equal(sent, await Receive(socket));
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", CancellationToken.None);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, await upstream.LastClose.WaitAsync(TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task Both_ends_of_a_web_socket_are_told_that_the_gateway_goes()
    {
        await using var upstream = await EchoServer.Start();
        await using var rig = await GatewayRig.Start(RouteTo(upstream, isHttp2: false));
        using var socket = await Open(rig, "1.1");
        await socket.SendAsync("a"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
        await Receive(socket);

        var stopping = rig.Stop();
        var got = await socket.ReceiveAsync(new byte[10], CancellationToken.None);

        Assert.Equal(WebSocketMessageType.Close, got.MessageType);
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, socket.CloseStatus);
        Assert.Equal(
            WebSocketCloseStatus.EndpointUnavailable, await upstream.LastClose.WaitAsync(TimeSpan.FromSeconds(5)));
        await socket.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, "", CancellationToken.None);
        await stopping.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_web_socket_too_many_is_refused_and_has_a_place_when_another_closed()
    {
        await using var upstream = await EchoServer.Start();
        await using var rig = await GatewayRig.Start(
            new GatewayOptions { WebSocketsMax = 1 }, RouteTo(upstream, isHttp2: false));
        using (await Open(rig, "2.0"))
        {
            var refusal = await Assert.ThrowsAsync<WebSocketException>(() => Open(rig, "1.1"));
            Assert.Contains("503", refusal.Message, StringComparison.Ordinal);
        }

        await Poll.Until(
            () => rig.Log.All.Any(line => line.StartsWith("11103", StringComparison.Ordinal)),
            TimeSpan.FromSeconds(8), "the end of the first");
        using var second = await Open(rig, "1.1");
        Assert.Equal(WebSocketState.Open, second.State);
    }

    [Fact]
    public async Task A_web_socket_at_rest_is_closed_and_one_that_is_used_is_not()
    {
        await using var upstream = await EchoServer.Start();
        await using var rig = await GatewayRig.Start(
            new GatewayOptions { WebSocketIdleSeconds = 1 }, RouteTo(upstream, isHttp2: false));
        using var socket = await Open(rig, "1.1");
        var used = System.Diagnostics.Stopwatch.StartNew();
        while (used.Elapsed < TimeSpan.FromSeconds(1.5))
        {
            await socket.SendAsync("a"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
            await Receive(socket);
        }

        var got = await socket.ReceiveAsync(new byte[10], CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(5));

        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, got.CloseStatus);
    }

    [Fact]
    public async Task An_upgrade_that_is_refused_is_answered_as_the_upstream_says()
    {
        using var upstream = RawUpstream.Answering(
            "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
        await using var rig = await GatewayRig.Start(GatewayRig.RouteTo(upstream.Address));

        var answer = await RawClient.Exchange(rig.Port,
            "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n" +
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 403 ", answer, StringComparison.Ordinal);
        Assert.Equal("websocket", Assert.Single(upstream.Requests).Header("Upgrade"));
    }

    [Fact]
    public async Task A_switch_to_what_was_not_asked_for_is_not_passed_on()
    {
        using var upstream = RawUpstream.Answering(
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");
        await using var rig = await GatewayRig.Start(GatewayRig.RouteTo(upstream.Address));

        var answer = await RawClient.Exchange(rig.Port,
            "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 502 ", answer, StringComparison.Ordinal);
        Assert.Contains("upstream_protocol", answer, StringComparison.Ordinal);
    }

    private static Route RouteTo(EchoServer upstream, bool isHttp2)
    {
        var route = GatewayRig.RouteTo(isHttp2 ? upstream.Http2 : upstream.Http1);
        return route with { Cluster = route.Cluster with { Http2 = isHttp2 } };
    }

    private static HttpRequestMessage Grpc(GatewayRig rig, string path, HttpContent content)
    {
        content.Headers.ContentType = new("application/grpc");
        return new HttpRequestMessage(HttpMethod.Post, new Uri(rig.Http2, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
    }

    private static async Task<ClientWebSocket> Open(GatewayRig rig, string version)
    {
        var socket = new ClientWebSocket();
        socket.Options.HttpVersion = Version.Parse(version);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        var server = version == "2.0" ? rig.Http2 : rig.Http1;
        using var invoker = new HttpMessageInvoker(AnyCertificate, disposeHandler: false);
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{server.Port}/ws"), invoker, CancellationToken.None);
        return socket;
    }

    private static async Task<byte[]> Receive(ClientWebSocket socket)
    {
        using var all = new MemoryStream();
        var block = new byte[100_000];
        while (true)
        {
            var got = await socket.ReceiveAsync(block, CancellationToken.None);
            all.Write(block, 0, got.Count);
            if (got.EndOfMessage)
            {
                return all.ToArray();
            }
        }
    }

    /// <summary>Hands its stream to the test, and ends when the test says so.</summary>
    private sealed class PushContent(TaskCompletionSource<Stream> writing, Task done) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.FlushAsync();
            writing.SetResult(stream);
            await done;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
