using System.Net;
using Gatehouse.Gateway.Domain;
using Gatehouse.Testing;

namespace Gatehouse.Gateway.Tests.Forwarding;

/// <summary>What arrives at the other end, and what comes back.</summary>
public sealed class ForwardingTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    [Fact]
    public async Task Only_what_is_for_both_ends_is_passed_on()
    {
        using var upstream = RawUpstream.Answering(
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: X-Between\r\nX-Between: 1\r\nX-Kept: caf\u00e9\r\n" +
            "Set-Cookie: a=1\r\nSet-Cookie: b=2\r\nServer: raw\r\n\r\nok");
        await using var rig = await GatewayRig.Start(GatewayRig.RouteTo(upstream.Address));

        var answer = await RawClient.Exchange(rig.Port,
            "GET /a HTTP/1.1\r\nHost: shop.example\r\nConnection: X-Mine\r\nX-Mine: 1\r\n" +
            "X-Other: na\u00efve \u00ff\r\nX-Forwarded-For: 1.2.3.4\r\nX-Gatehouse-User: root\r\n" +
            "X-Real-IP: 9.9.9.9\r\nForwarded: for=1.1.1.1\r\n" +
            "Keep-Alive: 5\r\nTE: gzip\r\nX-Request-Id: mine\r\nVia: 1.0 older\r\nCookie: c=1\r\n\r\n" +
            "GET /b HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n");

        Assert.Equal(2, upstream.Requests.Count);
        var request = upstream.Requests.First();
        Assert.Equal("GET /a HTTP/1.1", request.Line);
        Assert.Equal("shop.example", request.Header("Host"));
        Assert.Equal("na\u00efve \u00ff", request.Header("X-Other"));
        Assert.Equal("127.0.0.1", request.Header("X-Forwarded-For"));
        Assert.Equal("http", request.Header("X-Forwarded-Proto"));
        Assert.Equal("shop.example", request.Header("X-Forwarded-Host"));
        Assert.Equal("mine", request.Header("X-Request-Id"));
        Assert.Equal("1.0 older, 1.1 gatehouse", request.Header("Via"));
        Assert.Equal("c=1", request.Header("Cookie"));
        foreach (var gone in new[]
        {
            "X-Mine", "X-Gatehouse-User", "X-Real-IP", "Forwarded", "Keep-Alive", "TE", "Connection", "Content-Length",
            "Transfer-Encoding",
        })
        {
            Assert.Null(request.Header(gone));
        }

        Assert.Contains("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("X-Kept: caf\u00e9\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("Server: raw\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("Via: 1.1 gatehouse\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("X-Request-Id: mine\r\n", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Between", answer, StringComparison.Ordinal);
        Assert.Equal(1, upstream.Connections);
        Assert.Contains(rig.Log.All, line => line.StartsWith("11100 GET all 200 in", StringComparison.Ordinal) &&
            line.Contains("from upstreams/d1, attempts: 1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/a%2Fb?x=%2f%20")]
    [InlineData("/a%252Fb")]
    [InlineData("/caf%C3%A9;v=1/%41")]
    [InlineData("/a//b/")]
    [InlineData("/.well-known/x?q=a|b{}\"<>")]
    [InlineData("/?")]
    [InlineData("//host/x")]
    public async Task A_target_arrives_byte_for_byte(string target)
    {
        using var upstream = RawUpstream.Answering(Ok);
        await using var rig = await GatewayRig.Start(GatewayRig.RouteTo(upstream.Address));

        await RawClient.Exchange(rig.Port, $"GET {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

        Assert.Equal($"GET {target} HTTP/1.1", Assert.Single(upstream.Requests).Line);
    }

    [Theory]
    [InlineData("POST", "Content-Length: 5\r\n\r\nhello", "hello")]
    [InlineData("POST", "Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", "hello")]
    [InlineData("GET", "Content-Length: 5\r\n\r\nhello", "hello")]
    [InlineData("POST", "\r\n", "")]
    [InlineData("DELETE", "\r\n", "")]
    [InlineData("OPTIONS", "\r\n", "")]
    [InlineData("REPORT", "Content-Length: 2\r\n\r\nhi", "hi")]
    public async Task Bodies_of_either_framing_arrive_whole(string method, string rest, string body)
    {
        using var upstream = RawUpstream.Answering(Ok);
        await using var rig = await GatewayRig.Start(GatewayRig.RouteTo(upstream.Address));

        var answer = await RawClient.Exchange(
            rig.Port, $"{method} / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{rest}");

        Assert.EndsWith("\r\n\r\nok", answer, StringComparison.Ordinal);
        var request = Assert.Single(upstream.Requests);
        Assert.Equal((body, true), (request.Body, request.IsWhole));
        Assert.StartsWith(method + " ", request.Line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n", "204", "")]
    [InlineData("HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n", "304", "")]
    [InlineData("HTTP/1.1 103 Early\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na", "200", "a")]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone", "404", "none")]
    [InlineData("HTTP/1.1 101 Switching\r\n\r\n", "502", null)]
    [InlineData("HTTP/1.1 200 OK\r\nX-A: a\u0001b\r\nContent-Length: 0\r\n\r\n", "502", null)]
    [InlineData("HTTP/1.1 299 Odd\r\nContent-Length: 0\r\n\r\n", "299", "")]
    [InlineData(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", "200", "1\r\na\r\n0\r\n\r\n")]
    public async Task Answers_of_every_kind_come_back(string sent, string status, string? body)
    {
        using var upstream = RawUpstream.Answering(sent);
        await using var rig = await GatewayRig.Start(GatewayRig.RouteTo(upstream.Address));

        var answer = await RawClient.Exchange(rig.Port, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        var got = answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        Assert.Equal(body ?? got, got);
    }

    [Fact]
    public async Task Head_keeps_the_length_that_get_would_have()
    {
        using var upstream = RawUpstream.Answering("HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n");
        await using var rig = await GatewayRig.Start(GatewayRig.RouteTo(upstream.Address));

        var answer = await RawClient.Exchange(rig.Port, "HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

        Assert.Contains("Content-Length: 1234\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_event_of_a_stream_arrives_before_the_next_is_sent()
    {
        var next = new SemaphoreSlim(0);
        using var upstream = new RawUpstream(async connection =>
        {
            await connection.ReadRequest();
            await connection.Write(
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (var i = 0; i < 3; i++)
            {
                await next.WaitAsync();
                await connection.Write($"9\r\ndata: {i}\n\n\r\n");
            }

            await connection.Write("0\r\n\r\n");
        });
        await using var rig = await GatewayRig.Start(GatewayRig.RouteTo(upstream.Address));
        using var client = await RawClient.Connect(rig.Port);
        await client.Send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

        await client.ReadUntil("\r\n\r\n");
        for (var i = 0; i < 3; i++)
        {
            next.Release();
            await client.ReadUntil($"data: {i}\n\n");
        }

        Assert.EndsWith("0\r\n\r\n", await client.ReadToEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_small_body_that_comes_after_its_head_is_passed_on_at_once()
    {
        var seen = new TaskCompletionSource();
        using var upstream = new RawUpstream(async connection =>
        {
            await connection.ReadRequest();
            await connection.Write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n");
            await seen.Task;
            await connection.Write("abc");
            await connection.Write("def");
            await connection.ReadRequest();
        });
        await using var rig = await GatewayRig.Start(GatewayRig.RouteTo(upstream.Address));
        using var client = await RawClient.Connect(rig.Port);
        await client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        await client.ReadUntil("\r\n\r\n");
        seen.SetResult();

        await client.ReadUntil("abcdef");
    }

    [Theory]
    [InlineData("Content-Length: 100\r\n\r\nhalf")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n")]
    public async Task Half_an_answer_never_ends_cleanly(string half)
    {
        using var upstream = new RawUpstream(async connection =>
        {
            await connection.ReadRequest();
            await connection.Write($"HTTP/1.1 200 OK\r\n{half}");
            await connection.ReadRequest();
        });
        await using var rig = await GatewayRig.Start(GatewayRig.RouteTo(upstream.Address));
        using var client = await RawClient.Connect(rig.Port);
        await client.Send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        await client.ReadUntil("half");

        upstream.Stop();

        var answer = await client.ReadToEnd();
        Assert.EndsWith("(reset)", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("\r\n0\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain", null, true)]
    [InlineData("text/event-stream", 300, true)]
    [InlineData("text/event-stream", null, false)]
    public async Task An_answer_that_brings_nothing_for_long_is_given_up(string type, int? idle, bool isGivenUp)
    {
        using var upstream = new RawUpstream(async connection =>
        {
            await connection.ReadRequest();
            await connection.Write($"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nContent-Length: 9\r\n\r\nhalf");
            await connection.ReadRequest();
        });
        var route = GatewayRig.RouteTo(upstream.Address);
        await using var rig = await GatewayRig.Start(
            isGivenUp ? route with { AnswerIdle = TimeSpan.FromMilliseconds(idle ?? 300) } : route);

        var answer = await RawClient.Exchange(rig.Port, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        Assert.EndsWith(isGivenUp ? "half(reset)" : "half(silent)", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_leaves_takes_the_upstream_request_with_it()
    {
        var gone = new TaskCompletionSource();
        using var upstream = new RawUpstream(async connection =>
        {
            await connection.ReadRequest();
            try
            {
                await connection.ReadCount(1);
            }
            finally
            {
                gone.SetResult();
            }
        });
        await using var rig = await GatewayRig.Start(GatewayRig.RouteTo(upstream.Address));
        using (var client = await RawClient.Connect(rig.Port))
        {
            await client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            await Poll.Until(() => upstream.Requests.Count == 1, TimeSpan.FromSeconds(5), "the request");
        }

        await gone.Task.WaitAsync(TimeSpan.FromSeconds(5));
        await Poll.Until(
            () => rig.Log.All.Any(line => line.StartsWith("11100 GET all 499", StringComparison.Ordinal)),
            TimeSpan.FromSeconds(5), "499 in the log");
    }

    [Fact]
    public async Task Continue_is_asked_of_the_upstream_and_a_body_it_refuses_is_never_sent()
    {
        using var upstream = new RawUpstream(async connection =>
        {
            var head = await connection.ReadHead();
            if (head!.StartsWith("POST /yes", StringComparison.Ordinal))
            {
                await connection.Write("HTTP/1.1 100 Continue\r\n\r\n");
                await connection.ReadBody(head);
                await connection.Write(Ok);
                return;
            }

            await connection.Write("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
            await connection.ReadBody(head);
        });
        await using var rig = await GatewayRig.Start(GatewayRig.RouteTo(upstream.Address));
        using var client = await RawClient.Connect(rig.Port);

        await client.Send("POST /yes HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
        await client.ReadUntil("HTTP/1.1 100 Continue\r\n\r\n");
        await client.Send("hello");
        await client.ReadUntil("\r\n\r\nok");
        using var refused = await RawClient.Connect(rig.Port);
        await refused.Send(
            "POST /no HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2000\r\n\r\n");

        await refused.ReadUntil("\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 401 ", refused.Received, StringComparison.Ordinal);
        Assert.Equal("hello", upstream.Requests.First().Body);
        Assert.DoesNotContain(upstream.Requests, r => r.Line.Contains("/no", StringComparison.Ordinal) && r.IsWhole);
    }

    [Fact]
    public async Task An_answer_that_comes_before_the_body_was_taken_is_passed_on()
    {
        using var upstream = new RawUpstream(async connection =>
        {
            await connection.ReadHead();
            await connection.Write(
                "HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 4\r\n\r\nmuch");
        });
        await using var rig = await GatewayRig.Start(GatewayRig.RouteTo(upstream.Address));
        using var client = new HttpClient { BaseAddress = rig.Http1 };

        using var answer = await client.PostAsync("/", new ByteArrayContent(new byte[20_000_000]));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("much", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_body_above_the_routes_limit_is_refused_and_not_forwarded()
    {
        using var upstream = RawUpstream.Answering(Ok);
        await using var rig = await GatewayRig.Start(
            GatewayRig.RouteTo(upstream.Address) with { BodyBytesMax = 4 });

        var told = await RawClient.Exchange(rig.Port, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
        var chunked = await RawClient.Exchange(
            rig.Port, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 413 ", told, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 413 ", chunked, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"body_too_large\"", chunked, StringComparison.Ordinal);
        Assert.DoesNotContain(upstream.Requests, request => request.IsWhole);
    }

    [Fact]
    public async Task A_route_that_takes_the_path_and_not_the_method_answers_405()
    {
        using var upstream = RawUpstream.Answering(Ok);
        var route = GatewayRig.RouteTo(upstream.Address);
        await using var rig = await GatewayRig.Start(route with
        {
            Match = new RouteConditions { Path = PathPattern.Parse("/only", out _)!, Methods = ["POST"] },
        });
        using var client = new HttpClient { BaseAddress = rig.Http1 };

        using var wrong = await client.GetAsync("/only");
        using var none = await client.GetAsync("/other");

        Assert.Equal(HttpStatusCode.MethodNotAllowed, wrong.StatusCode);
        Assert.Equal(["POST"], wrong.Content.Headers.Allow);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Fact]
    public async Task A_route_rewrites_the_path_and_changes_headers_both_ways()
    {
        using var upstream = RawUpstream.Answering(
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Secret: 1\r\n\r\nok");
        var route = GatewayRig.RouteTo(new Uri(upstream.Address, "/base/"));
        await using var rig = await GatewayRig.Start(route with
        {
            Match = new RouteConditions { Path = PathPattern.Parse("/shop/{id}/{**rest}", out _)! },
            Transforms = new Transforms
            {
                Path = "/items/{rest}/of/{id}",
                Request = [new(HeaderAction.Set, "X-Set", "1"), new(HeaderAction.Remove, "X-Gone", null)],
                Response = [new(HeaderAction.Remove, "X-Secret", null), new(HeaderAction.Set, "X-New", "2")],
            },
        });
        using var client = new HttpClient { BaseAddress = rig.Http1 };
        client.DefaultRequestHeaders.Add("X-Gone", "1");

        using var answer = await client.GetAsync("/shop/7%20a%2Fb/x/y?z=%2F");

        var request = Assert.Single(upstream.Requests);
        Assert.Equal("GET /base/items/x/y/of/7%20a%2Fb?z=%2F HTTP/1.1", request.Line);
        Assert.Equal("1", request.Header("X-Set"));
        Assert.Null(request.Header("X-Gone"));
        Assert.False(answer.Headers.Contains("X-Secret"));
        Assert.Equal("2", answer.Headers.GetValues("X-New").Single());
    }
}
