using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using Gatehouse.Gateway.Tests.Tls;

namespace Gatehouse.Gateway.Tests.Proofs;

/// <summary>Who uses the gateways while they restart, and what went wrong for them.</summary>
internal sealed class RollingClients(ReadyGateways gateways, TestAuthority authority, CancellationToken end)
{
    private const int TriesMax = 5;

    private readonly SocketsHttpHandler handler = Handler(authority);
    private int unary;
    private int events;
    private int streams;
    private int sockets;

    public ConcurrentQueue<string> Wrong { get; } = new();

    public int Unary => unary;

    public int Events => events;

    /// <summary>Begun; the second of a reader is its first after one that ended.</summary>
    public int Streams => streams;

    /// <summary>That ended with 1001.</summary>
    public int SocketsGoingAway => sockets;

    /// <summary>GET and POST in turn; only what was not sent, or may be sent again, is tried elsewhere.</summary>
    public async Task AskForAnswers(bool isHttp2)
    {
        using var client = new HttpClient(handler, disposeHandler: false);
        for (var i = 0; !end.IsCancellationRequested; i++)
        {
            var isGet = i % 2 == 0;
            for (var attempt = 1; ; attempt++)
            {
                var fault = await Ask(client, isHttp2, isGet ? HttpMethod.Get : HttpMethod.Post);
                if (fault is null)
                {
                    Interlocked.Increment(ref unary);
                    break;
                }

                if (attempt == TriesMax || !(isGet || fault.Value.NotSent))
                {
                    var version = isHttp2 ? "HTTP/2" : "HTTP/1.1";
                    Wrong.Enqueue($"{version} {(isGet ? "GET" : "POST")}: {fault.Value.Text}");
                    break;
                }
            }
        }
    }

    public async Task ReadEvents()
    {
        using var client = new HttpClient(handler, disposeHandler: false);
        while (!end.IsCancellationRequested)
        {
            try
            {
                using var answer = await client.GetAsync(
                    new Uri(gateways.Next().Plain, "/sse"), HttpCompletionOption.ResponseHeadersRead, end);
                Interlocked.Increment(ref streams);
                await using var stream = await answer.Content.ReadAsStreamAsync(end);
                var block = new byte[256];
                while (await stream.ReadAsync(block, end) > 0)
                {
                    Interlocked.Increment(ref events);
                }
            }
            catch (Exception failure) when (
                failure is HttpRequestException or IOException or OperationCanceledException)
            {
                // It asks again, as a browser does.
            }
        }
    }

    public async Task HoldSockets()
    {
        while (!end.IsCancellationRequested)
        {
            using var socket = new ClientWebSocket();
            try
            {
                await socket.ConnectAsync(
                    new UriBuilder(new Uri(gateways.Next().Plain, "/ws")) { Scheme = "ws" }.Uri, end);
            }
            catch (WebSocketException)
            {
                // Not opened: it tries the next.
                continue;
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Hold(socket);
        }
    }

    private async Task Hold(ClientWebSocket socket)
    {
        try
        {
            var block = new byte[16];
            while (true)
            {
                await socket.SendAsync("a"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
                var got = await socket.ReceiveAsync(block, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));
                if (got.MessageType == WebSocketMessageType.Close)
                {
                    Closed(socket.CloseStatus);
                    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);
                    return;
                }

                if (end.IsCancellationRequested)
                {
                    return;
                }

                await Task.Delay(20, CancellationToken.None);
            }
        }
        catch (WebSocketException) when (socket.CloseStatus is { } said)
        {
            // Told while it sent.
            Closed(said);
        }
        catch (Exception failure) when (failure is WebSocketException or TimeoutException)
        {
            Wrong.Enqueue($"WebSocket: {failure.Message}");
        }
    }

    private void Closed(WebSocketCloseStatus? status)
    {
        if (status == WebSocketCloseStatus.EndpointUnavailable)
        {
            Interlocked.Increment(ref sockets);
        }
        else
        {
            Wrong.Enqueue($"WebSocket: closed with {status}");
        }
    }

    /// <summary>Null: answered as it should be.</summary>
    private async Task<(string Text, bool NotSent)?> Ask(HttpClient client, bool isHttp2, HttpMethod method)
    {
        var gateway = gateways.Next();
        using var request = new HttpRequestMessage(method, new Uri(isHttp2 ? gateway.Secure : gateway.Plain, "/x"))
        {
            Version = isHttp2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = method == HttpMethod.Post ? new ByteArrayContent(new byte[1_000]) : null,
        };
        try
        {
            using var answer = await client.SendAsync(request, CancellationToken.None);
            return answer.IsSuccessStatusCode
                ? null
                : ($"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}", false);
        }
        catch (HttpRequestException failure)
        {
            var notSent = failure.HttpRequestError is
                HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError;
            return ($"{failure.HttpRequestError} {failure.Message} {failure.InnerException?.Message}", notSent);
        }
    }

    private static SocketsHttpHandler Handler(TestAuthority authority)
    {
        var made = new SocketsHttpHandler
        {
            SslOptions = authority.Trusting("api.example"),
            EnableMultipleHttp2Connections = true,
            ConnectCallback = async (context, cancellation) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    await socket.ConnectAsync("127.0.0.1", context.DnsEndPoint.Port, cancellation);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
        return made;
    }
}
