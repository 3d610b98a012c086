using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using Gatehouse.Foundation.Configuration;
using Gatehouse.Foundation.Http;
using Gatehouse.Foundation.Telemetry;
using Gatehouse.Gateway;
using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Forwarding;
using Gatehouse.Gateway.Services;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Bench.Gateway;

/// <summary>A gateway with request ids, problems and the access log before it, as the program has them.</summary>
internal static class GatewayInstance
{
    public const string Command = "gateway-instance";

    /// <summary>What it has allocated so far, in bytes.</summary>
    public const string AllocatedPath = "/bench-allocated";

    private const int OtherRoutes = 1_000;

    public static async Task Run(int port, int upstream)
    {
        InlineSockets.Prefer();
        var options = new HttpOptions();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Logging.AddGatehouseLogging(new LoggingOptions(), RuntimeEnvironment.Production);
        builder.Services.AddRouting();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(new GatewayOptions());
        builder.Services.Configure<ForwardedHeadersOptions>(forwarded => ProxyTrust.Trust(forwarded, options));
        builder.Services.AddSingleton<Snapshots>();
        builder.Services.AddForwarding();
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            Pipeline.Bound(kestrel, options);
            kestrel.Listen(IPAddress.Loopback, port);
        });
        var app = builder.Build();
        app.UseMiddleware<RequestId>();
        app.UseMiddleware<AccessLog>();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseMiddleware<ForwardedByStranger>();
        app.UseForwardedHeaders();
        var edge = app.Services.GetRequiredService<IEdge>();
        app.Use(next => context => edge.Invoke(context, next));
        app.Run(context => context.Response.WriteAsync(
            GC.GetTotalAllocatedBytes(precise: true).ToString(CultureInfo.InvariantCulture)));
        var cluster = new Cluster
        {
            Id = "files",
            Destinations = [new Destination("nginx", new Uri($"http://127.0.0.1:{upstream}"))],
        };
        IEnumerable<Route> routes =
        [
            RouteTo(cluster, "files", "/files/{**rest}"),
            .. Enumerable.Range(0, OtherRoutes).Select(i => RouteTo(cluster, $"other-{i}", $"/other/{i}/{{id}}")),
        ];
        app.Services.GetRequiredService<Snapshots>().Swap(new Snapshot(
            1, "", RouteTable.Of(routes), FrozenDictionary<string, Cluster>.Empty));
        await app.RunAsync();
    }

    private static Route RouteTo(Cluster cluster, string id, string path) => new()
    {
        Id = id,
        Match = new RouteConditions { Path = PathPattern.Parse(path, out _)! },
        Cluster = cluster,
        Retry = new Retry(),
    };
}
