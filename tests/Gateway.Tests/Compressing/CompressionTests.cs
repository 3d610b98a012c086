using System.IO.Compression;
using System.Text;
using Gatehouse.Gateway.Compressing;
using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Tests.Forwarding;
using Microsoft.AspNetCore.Http;

namespace Gatehouse.Gateway.Tests.Compressing;

public sealed class CompressionTests
{
    private const string Json = "Content-Type: application/json";
    private static readonly string Body = string.Concat(Enumerable.Repeat("{\"name\":\"value\"},", 200));

    [Theory]
    [InlineData("br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("gzip, br", "br")]
    [InlineData("gzip, deflate, br, zstd", "br")]
    [InlineData("gzip;q=1, br;q=0.5", "gzip")]
    [InlineData("br;q=0, gzip", "gzip")]
    [InlineData("br;q=0, gzip;q=0", "")]
    [InlineData("*", "br")]
    [InlineData("*;q=0", "")]
    [InlineData("br;q=0, *", "gzip")]
    [InlineData("gzip;q=nothing", "")]
    [InlineData("identity", "")]
    [InlineData("deflate", "")]
    [InlineData("", "")]
    public void The_client_chooses(string accepted, string chosen)
    {
        Assert.Equal(chosen, AcceptedEncodings.Best(accepted) switch
        {
            Coding.Brotli => "br",
            Coding.Gzip => "gzip",
            _ => "",
        });

        var headers = new HeaderDictionary { ["Accept-Encoding"] = accepted };
        AcceptedEncodings.Normalize(headers);
        Assert.Equal(AcceptedEncodings.Best(accepted), AcceptedEncodings.Best(headers["Accept-Encoding"]));
    }

    [Theory]
    [InlineData(Json, true)]
    [InlineData("Content-Type: application/json; charset=utf-8", true)]
    [InlineData("Content-Type: text/html", true)]
    [InlineData("Content-Type: application/vnd.api+json", true)]
    [InlineData("Content-Type: image/svg+xml", true)]
    [InlineData("Content-Type: text/x-own", true)]
    [InlineData("Content-Type: application/x-own", true)]
    [InlineData("Content-Type: image/png", false)]
    [InlineData("Content-Type: text/event-stream", false)]
    [InlineData("Content-Type: application/problem+json", false)]
    [InlineData("X-None: 1", false)]
    [InlineData(Json + "\r\nContent-Encoding: gzip", false)]
    [InlineData(Json + "\r\nCache-Control: max-age=1, no-transform", false)]
    [InlineData(Json + "\r\nContent-Digest: sha-256=:abc=:", false)]
    public async Task Only_what_is_worth_it_and_may_be_changed(string headers, bool isCompressed)
    {
        var answer = await Get(headers, Body, "br, gzip");

        Assert.Equal(
            isCompressed || headers.Contains("Encoding", StringComparison.Ordinal),
            answer.Content.Headers.ContentEncoding.Count > 0);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        Assert.Equal(Body, isCompressed ? Unbrotli(bytes) : Encoding.Latin1.GetString(bytes));
        Assert.Equal(isCompressed, answer.Headers.Vary.Contains("Accept-Encoding"));
    }

    [Fact]
    public async Task A_short_answer_is_sent_as_it_is_and_a_part_too()
    {
        Assert.Empty((await Get(Json, "short", "br")).Content.Headers.ContentEncoding);
        var part = await Get(Json + "\r\nContent-Range: bytes 0-9/20", Body, "br", "206 Part");
        Assert.Empty(part.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task A_head_says_what_a_get_would_and_a_tag_is_weak()
    {
        const string Headers = Json + "\r\nETag: \"a\"\r\nAccept-Ranges: bytes";
        var got = await Get(Headers, Body, "gzip");
        var head = await Get(Headers, Body, "gzip", method: "HEAD");

        foreach (var answer in new[] { got, head })
        {
            Assert.Equal("gzip", answer.Content.Headers.ContentEncoding.Single());
            Assert.Equal("W/\"a\"", answer.Headers.ETag!.ToString());
            Assert.NotEqual(Body.Length, answer.Content.Headers.ContentLength);
            Assert.Empty(answer.Headers.AcceptRanges);
        }

        using var unzip = new GZipStream(await got.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        Assert.Equal(Body, await new StreamReader(unzip).ReadToEndAsync());
        Assert.Equal("\"a\"", (await Get(Headers, Body, "")).Headers.ETag!.ToString());
    }

    [Fact]
    public async Task A_stream_comes_piece_by_piece()
    {
        var door = new TaskCompletionSource();
        using var upstream = new RawUpstream(async connection =>
        {
            await connection.ReadRequest();
            await connection.Write($"HTTP/1.1 200 OK\r\n{Json}\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n");
            await door.Task;
            await connection.Write("6\r\nsecond\r\n0\r\n\r\n");
        });
        await using var gateway = await GatewayRig.Start(
            GatewayRig.RouteTo(upstream.Address) with { Compression = new Compression() });
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, gateway.Http1);
        request.Headers.Add("Accept-Encoding", "br");

        var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var body = new BrotliStream(await answer.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        var block = new byte[100];
        var read = await body.ReadAsync(block).AsTask().WaitAsync(TimeSpan.FromSeconds(5));

        Assert.Equal("first", Encoding.ASCII.GetString(block, 0, read));
        door.SetResult();
        Assert.Equal("second", await new StreamReader(body).ReadToEndAsync());
    }

    [Fact]
    public async Task An_answer_that_breaks_off_has_no_end()
    {
        using var upstream = new RawUpstream(async connection =>
        {
            await connection.ReadRequest();
            await connection.Write($"HTTP/1.1 200 OK\r\n{Json}\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n");
        });
        await using var gateway = await GatewayRig.Start(
            GatewayRig.RouteTo(upstream.Address) with { Compression = new Compression() });

        var got = await RawClient.Exchange(
            gateway.Port, "GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n");

        Assert.DoesNotContain("\r\n0\r\n\r\n", got, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_kept_is_compressed_once_for_each_coding()
    {
        using var upstream = RawUpstream.Answering(
            $"HTTP/1.1 200 OK\r\n{Json}\r\nCache-Control: max-age=60\r\nContent-Length: {Body.Length}\r\n\r\n{Body}");
        await using var gateway = await GatewayRig.Start(GatewayRig.RouteTo(upstream.Address) with
        {
            Compression = new Compression(),
            Cache = new ResponseCache(),
        });
        using var client = new HttpClient();
        foreach (var accepted in new[] { "br", "gzip, br", "br;q=1.0", "gzip", "x-gzip", "deflate, gzip;q=0.5" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, gateway.Http1);
            request.Headers.Add("Accept-Encoding", accepted);
            Assert.NotEmpty((await client.SendAsync(request)).Content.Headers.ContentEncoding);
        }

        // "br", "br, gzip", "gzip".
        Assert.Equal(3, upstream.Requests.Count);
    }

    private static string Unbrotli(byte[] bytes)
    {
        using var stream = new BrotliStream(new MemoryStream(bytes), CompressionMode.Decompress);
        return new StreamReader(stream).ReadToEnd();
    }

    private static async Task<HttpResponseMessage> Get(
        string headers, string body, string accepted, string status = "200 OK", string method = "GET")
    {
        var sent = method == "HEAD" ? "" : body;
        using var upstream = RawUpstream.Answering(
            $"HTTP/1.1 {status}\r\n{headers}\r\nContent-Length: {body.Length}\r\n\r\n{sent}");
        await using var gateway = await GatewayRig.Start(GatewayRig.RouteTo(upstream.Address) with
        {
            Compression = new Compression { Types = ["application/x-own"] },
        });
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), gateway.Http1);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        return await client.SendAsync(request);
    }
}
