using System.Net;
using System.Net.Sockets;
using Gatehouse.Gateway.Forwarding;

namespace Gatehouse.Gateway.Tests.Forwarding;

/// <summary>What every <see cref="IUpstream"/> has to keep to; held against the one there is.</summary>
public sealed class UpstreamTests : IDisposable
{
    private readonly SocketsUpstream upstream = new(TimeSpan.FromSeconds(5));

    public void Dispose() => upstream.Dispose();

    [Fact]
    public async Task No_connection_is_told_from_what_may_have_been_carried_out()
    {
        using var closing = new RawUpstream(async connection => await connection.ReadRequest());
        using var other = RawUpstream.Answering("220 mail.example ESMTP\r\n\r\n");

        Assert.Equal(UpstreamFault.NotConnected, await FaultOf(Get(new Uri("http://127.0.0.1:1"))));
        Assert.Equal(UpstreamFault.NotConnected, await FaultOf(Get(new Uri("http://nowhere.invalid"))));
        Assert.Equal(UpstreamFault.Reset, await FaultOf(Get(closing.Address)));
        Assert.Equal(UpstreamFault.Protocol, await FaultOf(Get(other.Address)));
        Assert.Equal(1, closing.Connections);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    public async Task A_request_without_a_body_is_sent_once(string method)
    {
        using var closing = new RawUpstream(async connection => await connection.ReadRequest());
        using var request = new HttpRequestMessage(new HttpMethod(method), closing.Address);

        Assert.Equal(UpstreamFault.Reset, await FaultOf(request));
        Assert.Single(closing.Requests);
    }

    [Fact]
    public async Task The_head_comes_before_the_body_has_ended_and_a_body_that_breaks_off_throws()
    {
        var seen = new TaskCompletionSource();
        using var half = new RawUpstream(async connection =>
        {
            await connection.ReadRequest();
            await connection.Write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
            await seen.Task;
        });
        using var request = Get(half.Address);

        using var answer = await upstream.Send(request, CancellationToken.None);
        seen.SetResult();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await Assert.ThrowsAnyAsync<Exception>(() => answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Time_that_is_over_ends_it()
    {
        using var silent = new RawUpstream(connection => connection.ReadCount(int.MaxValue));
        using var time = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        Assert.Equal(UpstreamFault.TimedOut, await FaultOf(Get(silent.Address), time.Token));
    }

    [Fact]
    public async Task A_stream_that_is_refused_was_not_begun()
    {
        using var refusing = new TcpListener(IPAddress.Loopback, 0);
        refusing.Start();
        var serving = RefuseStreams(refusing);
        using var request = Get(new Uri($"http://127.0.0.1:{((IPEndPoint)refusing.LocalEndpoint).Port}"));
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;

        Assert.Equal(UpstreamFault.Refused, await FaultOf(request));
        refusing.Stop();
        await serving;
    }

    private static HttpRequestMessage Get(Uri address) => new(HttpMethod.Get, address);

    private async Task<UpstreamFault> FaultOf(HttpRequestMessage request, CancellationToken cancellation = default)
    {
        using (request)
        {
            var failure = await Assert.ThrowsAnyAsync<Exception>(() => upstream.Send(request, cancellation));
            return UpstreamFaults.Of(failure);
        }
    }

    // HTTP/2 by hand: SETTINGS, and RST_STREAM with REFUSED_STREAM to each HEADERS.
    private static async Task RefuseStreams(TcpListener listener)
    {
        try
        {
            using var client = await listener.AcceptTcpClientAsync();
            await using var stream = client.GetStream();
            await stream.ReadExactlyAsync(new byte[24]);
            await stream.WriteAsync(new byte[] { 0, 0, 0, 4, 0, 0, 0, 0, 0 });
            var head = new byte[9];
            while (true)
            {
                await stream.ReadExactlyAsync(head);
                await stream.ReadExactlyAsync(new byte[(head[0] << 16) | (head[1] << 8) | head[2]]);
                if (head[3] == 1)
                {
                    await stream.WriteAsync((byte[])[0, 0, 4, 3, 0, .. head[5..], 0, 0, 0, 7]);
                }
            }
        }
        catch (Exception end) when (end is IOException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
