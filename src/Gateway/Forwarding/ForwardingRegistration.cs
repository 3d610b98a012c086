using System.Text;
using Gatehouse.Foundation.Caching;
using Gatehouse.Foundation.Http;
using Gatehouse.Foundation.Limits;
using Gatehouse.Gateway.Caching;
using Gatehouse.Gateway.Compressing;
using Gatehouse.Gateway.Destinations;
using Gatehouse.Gateway.Policies;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Gateway.Forwarding;

internal static class ForwardingRegistration
{
    private const string NoBareLineFeeds = "Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators";

    public static IServiceCollection AddForwarding(this IServiceCollection services)
    {
        AppContext.SetSwitch(NoBareLineFeeds, true);
        services.AddSingleton<Upstreams>();
        services.AddSingleton<DestinationEvents>();
        services.AddSingleton(provider => new Memberships(
            new HealthQuestion(provider.GetRequiredService<Upstreams>().Of).Ask,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<DestinationEvents>()));
        services.AddSingleton(provider => new ClusterStates(
            provider.GetRequiredService<Upstreams>().Of, provider.GetRequiredService<Memberships>()));
        services.AddHostedService<DestinationFollower>();
        services.AddSingleton<Tunnels>();
        services.AddSingleton<Forwarder>();
        services.AddSingleton<IRoutePolicy, LoopGuard>(); // a loop is not worth any other step
        services.AddSingleton<EdgeTokens>();
        services.AddSingleton<Scanners>();
        services.AddAddressBlocks(provider => provider.GetRequiredService<GatewayOptions>().ScannerRule);
        services.AddSingleton<IRoutePolicy, RouteLimitsPolicy>(); // before any cryptography
        services.AddSingleton<IRoutePolicy, AuthPolicy>(); // nothing behind it is for everybody
        services.AddSingleton<IRoutePolicy, UserLimitPolicy>(); // who calls is known now
        services.AddSingleton<RouteSteps>();
        services.AddSingleton(provider => new AnswerCache(
            provider.GetRequiredService<GatewayOptions>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetService<SharedBytesSource>()));
        services.AddSingleton<IRoutePolicy, SecurityHeadersStep>(); // refusals too
        services.AddSingleton<IRoutePolicy, CacheStep>(); // a hit is no way past authorization, and costs no permit
        services.AddSingleton<IRoutePolicy, CompressionStep>(); // once for all who are given what is kept
        services.AddSingleton<IEdge, Edge>();
        services.AddOptions<KestrelServerOptions>().Configure<GatewayOptions>((kestrel, options) =>
        {
            if (options.File.Length > 0)
            {
                PassBytes(kestrel);
            }
        });
        return services;
    }

    /// <summary>Bytes of headers pass as they are, both ways.</summary>
    public static void PassBytes(KestrelServerOptions kestrel)
    {
        kestrel.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
        kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
    }
}
