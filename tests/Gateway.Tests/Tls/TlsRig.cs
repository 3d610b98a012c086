using System.Collections.Frozen;
using System.Net.Security;
using System.Net.Sockets;
using Gatehouse.Foundation.Http;
using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Forwarding;
using Gatehouse.Gateway.Services;
using Gatehouse.Gateway.Tests.Forwarding;
using Gatehouse.Gateway.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Gateway.Tests.Tls;

/// <summary>A gateway with both of its listeners, as the program sets them up.</summary>
internal sealed class TlsRig : IAsyncDisposable
{
    private readonly WebApplication server;
    private readonly TestAuthority authority;

    private TlsRig(WebApplication server, TestAuthority authority)
    {
        this.server = server;
        this.authority = authority;
        var ports = server.Urls.Select(url => new Uri(url).Port).ToArray();
        (Plain, Secure) = (ports[0], ports[1]);
    }

    public int Plain { get; }

    public int Secure { get; }

    public LogLines Log { get; private init; } = new();

    public ServerCertificates Certificates => server.Services.GetRequiredService<ServerCertificates>();

    public static async Task<TlsRig> Start(
        TestAuthority authority, GatewayOptions options, Route route, params ServerCertificate[] certificates)
    {
        var lines = new LogLines();
        options.File = "gateway.yaml";
        var http = new HttpOptions
        {
            Url = "http://127.0.0.1:0",
            HttpsUrl = "https://127.0.0.1:0",
            HeaderSeconds = 1,
        };
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Logging.AddProvider(lines).SetMinimumLevel(LogLevel.Debug).AddFilter("Microsoft", LogLevel.Warning);
        builder.Services.AddRouting();
        GatewayRig.AddFoundation(builder.Services);
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton(options).AddSingleton(http);
        builder.Services.AddSingleton<Snapshots>();
        builder.Services.AddForwarding();
        builder.Services.AddTls();
        builder.Services.AddOptions<KestrelServerOptions>()
            .Configure<IServerTls>((kestrel, tls) => Listeners.Listen(kestrel, http, tls));
        var app = builder.Build();
        app.UseMiddleware<RequestId>();
        app.UseMiddleware<ProblemMiddleware>();
        var (gate, edge) = (app.Services.GetRequiredService<IServerTls>(), app.Services.GetRequiredService<IEdge>());
        app.Use(next => context => gate.Invoke(context, next));
        app.Use(next => context => edge.Invoke(context, next));
        app.Run(context => context.Response.WriteAsync("own"));
        app.Services.GetRequiredService<Snapshots>().Swap(
            new Snapshot(1, "", RouteTable.Of([route]), FrozenDictionary<string, Cluster>.Empty)
            {
                Certificates = certificates,
            });
        await app.StartAsync();
        return new TlsRig(app, authority) { Log = lines };
    }

    /// <summary>The hash of what a client gets that asks for the name and trusts the root alone.</summary>
    public async Task<string> Handshake(string host)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", Secure);
        await using var stream = new SslStream(client.GetStream());
        await stream.AuthenticateAsClientAsync(authority.Trusting(host));
        return stream.RemoteCertificate!.GetCertHashString();
    }

    /// <summary>To this gateway whatever the address says, by handshakes for one name.</summary>
    public HttpClient Client(string serverName, bool isHttp2 = false) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        ConnectCallback = async (context, cancellation) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            var isPlain = context.InitialRequestMessage.RequestUri!.Scheme == Uri.UriSchemeHttp;
            await socket.ConnectAsync("127.0.0.1", isPlain ? Plain : Secure, cancellation);
            var stream = new NetworkStream(socket, ownsSocket: true);
            if (isPlain)
            {
                return stream;
            }

            // Done here: the client would ask for the host of the request.
            var (secure, handshake) = (new SslStream(stream), authority.Trusting(serverName));
            handshake.ApplicationProtocols =
                [isHttp2 ? SslApplicationProtocol.Http2 : SslApplicationProtocol.Http11];
            await secure.AuthenticateAsClientAsync(handshake, cancellation);
            return secure;
        },
    });

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
