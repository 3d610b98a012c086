using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gatehouse.Gateway.Forwarding;

/// <summary>
/// Over the framework's own client, with everything off that would touch a request or an answer. Clusters whose
/// connections are made alike share one pool, so that a new generation of routes keeps its connections.
/// </summary>
internal sealed class SocketsUpstream : IUpstream, IDisposable
{
    private const int ResponseHeadKiBMax = 64;

    // Shorter than what servers commonly keep, so that they rarely close what is just being used.
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly HttpMessageInvoker invoker;

    public SocketsUpstream(TimeSpan connectTimeout)
    {
#pragma warning disable CA2000 // The invoker disposes of it.
        var handler = new SocketsHttpHandler
#pragma warning restore CA2000
        {
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectCallback = Connect,
            ConnectTimeout = connectTimeout,
            EnableMultipleHttp2Connections = true,
            // An upstream that knows nothing of 100-continue still gets the body.
            Expect100ContinueTimeout = TimeSpan.FromSeconds(1),
            MaxResponseHeadersLength = ResponseHeadKiBMax,
            PooledConnectionIdleTimeout = IdleTimeout,
            PooledConnectionLifetime = Lifetime,
            // Bytes are passed on as they are, whatever they were meant to be.
            RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
            ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
            // What a discarded answer may still bring before its connection is given up.
            MaxResponseDrainSize = 64 * 1024,
            UseCookies = false,
            UseProxy = false,
        };
        invoker = new HttpMessageInvoker(handler, disposeHandler: true);
    }

    public Task<HttpResponseMessage> Send(HttpRequestMessage request, CancellationToken cancellation) =>
        invoker.SendAsync(request, cancellation);

    public void Dispose() => invoker.Dispose();

    private static async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // A server that vanished without a word is noticed within two minutes, on streams at rest too.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 60);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 15);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 4);
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            return context.InitialRequestMessage.Version.Major == 1 && context.InitialRequestMessage.RequestUri is
            { Scheme: "http" }
                ? new FirstAnswerStream(socket)
                : new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
