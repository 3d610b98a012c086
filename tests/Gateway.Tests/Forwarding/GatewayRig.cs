using System.Collections.Frozen;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gatehouse.Foundation.Authentication;
using Gatehouse.Foundation.Caching;
using Gatehouse.Foundation.Http;
using Gatehouse.Foundation.Limits;
using Gatehouse.Foundation.Redis;
using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Forwarding;
using Gatehouse.Gateway.Services;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Gateway.Tests.Forwarding;

/// <summary>A gateway on ports of its own: HTTP/1.1, HTTP/2 without TLS, and both with it.</summary>
internal sealed class GatewayRig : IAsyncDisposable
{
    private readonly WebApplication server;
    private readonly ServerPorts open;

    private GatewayRig(WebApplication server, ServerPorts open)
    {
        this.server = server;
        this.open = open;
    }

    public int Port => open.Http1;

    public Uri Http1 => new($"http://127.0.0.1:{open.Http1}");

    public Uri Http2 => new($"http://127.0.0.1:{open.Http2}");

    public Uri Tls => new($"https://127.0.0.1:{open.Tls}");

    /// <summary>What the access log wrote, a line each.</summary>
    public LogLines Log { get; private init; } = new();

    public static Task<GatewayRig> Start(params Route[] routes) => Start(new GatewayOptions(), routes);

    public static Task<GatewayRig> Start(GatewayOptions options, params Route[] routes) =>
        Start(options, TimeProvider.System, routes);

    public static Task<GatewayRig> Start(GatewayOptions options, TimeProvider time, params Route[] routes) =>
        Start(options, time, null, routes);

    public static Task<GatewayRig> Start(
        GatewayOptions options, TimeProvider time, SharedBytesSource? shared, params Route[] routes) =>
        Start(
            options,
            services =>
            {
                services.AddSingleton(time);
                if (shared is not null)
                {
                    services.AddSingleton(shared);
                }
            },
            routes);

    /// <param name="options">Of the gateway.</param>
    /// <param name="also">Services that win over the rig's.</param>
    /// <param name="routes">In force.</param>
    public static async Task<GatewayRig> Start(
        GatewayOptions options, Action<IServiceCollection> also, params Route[] routes)
    {
        var lines = new LogLines();
        var ports = new ServerPorts();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.Logging.AddProvider(lines).SetMinimumLevel(LogLevel.Debug)
            .AddFilter("Microsoft", LogLevel.Warning);
        builder.Services.AddRouting();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<Snapshots>();
        builder.Services.AddForwarding();
        AddFoundation(builder.Services);
        also(builder.Services);
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            ForwardingRegistration.PassBytes(kestrel);
            kestrel.AddServerHeader = false;
            ServerPorts.Listen(kestrel);
        });
        var app = builder.Build();
        app.UseMiddleware<RequestId>();
        app.UseMiddleware<AccessLog>();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseForwardedHeaders();
        var edge = app.Services.GetRequiredService<IEdge>();
        app.Use(next => context => edge.Invoke(context, next));
        app.Run(context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        app.Services.GetRequiredService<Snapshots>().Swap(new Snapshot(
            1, "", RouteTable.Of(routes), ClustersOf(routes)));
        await app.StartAsync();
        ports.Bound(app);
        return new GatewayRig(app, ports) { Log = lines };
    }

    /// <summary>Of the gateway.</summary>
    public IServiceProvider Services => server.Services;

    public void Swap(params Route[] routes) => server.Services.GetRequiredService<Snapshots>().Swap(new Snapshot(
        2, "", RouteTable.Of(routes), ClustersOf(routes)));

    public T Service<T>()
        where T : notnull => server.Services.GetRequiredService<T>();

    public static Route RouteTo(params Uri[] addresses) => new()
    {
        Id = "all",
        Match = new RouteConditions { Path = PathPattern.Parse("/{**rest}", out _)! },
        Cluster = new Cluster
        {
            Id = "upstreams",
            Destinations = [.. addresses.Select((address, i) => new Destination($"d{i + 1}", address))],
            Balancing = new Balancing { Policy = BalancingPolicy.RoundRobin },
        },
        Deadline = TimeSpan.FromSeconds(10),
        Transforms = new Transforms { KeepHost = true },
    };

    // What the program has around the gateway.
    public static void AddFoundation(IServiceCollection services)
    {
        services.AddSingleton(new HttpOptions());
        services.AddSingleton(new LimitsOptions());
        services.AddSingleton(new RedisOptions());
        services.AddSingleton(new TokenOptions { IdentityUrl = "http://127.0.0.1:9" });
        services.AddRateLimits();
        services.AddRedis();
        services.AddAccessTokens();
        services.AddOptions<ForwardedHeadersOptions>().Configure<HttpOptions>(ProxyTrust.Trust);
    }

    private static FrozenDictionary<string, Cluster> ClustersOf(Route[] routes) => routes
        .SelectMany(route => route.Fallback?.Cluster is { } other ? (Cluster[])[route.Cluster, other] : [route.Cluster])
        .DistinctBy(cluster => cluster.Id).ToFrozenDictionary(cluster => cluster.Id, StringComparer.Ordinal);

    public Task Stop() => server.StopAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();
}

/// <summary>Three free ports of one Kestrel.</summary>
internal sealed class ServerPorts
{
    private static readonly X509Certificate2 Certificate = SelfSigned();

    public static string CertificateHash => Certificate.GetCertHashString();

    public int Http1 { get; private set; }

    public int Http2 { get; private set; }

    public int Tls { get; private set; }

    public static void Listen(KestrelServerOptions kestrel)
    {
        kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(Certificate));
    }

    public void Bound(WebApplication app)
    {
        var all = app.Urls.Select(url => new Uri(url).Port).ToArray();
        (Http1, Http2, Tls) = (all[0], all[1], all[2]);
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(
            "CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
