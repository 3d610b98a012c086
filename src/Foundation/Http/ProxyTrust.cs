using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Logging;
using IPNetwork = System.Net.IPNetwork;

namespace Gatehouse.Foundation.Http;

/// <summary>Who is believed about where a request comes from: single addresses and whole networks.</summary>
internal static class ProxyTrust
{
    /// <summary>An address is a network of one.</summary>
    public static bool TryParse(string text, out IPNetwork network)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
            return true;
        }

        return IPNetwork.TryParse(text, out network);
    }

    public static IReadOnlyList<IPNetwork> Of(HttpOptions options) =>
        [.. options.TrustedProxies.Select(text => TryParse(text, out var network)
            ? network
            : throw new FormatException($"'{text}' is neither an address nor a network."))];

    public static void Trust(ForwardedHeadersOptions forwarded, HttpOptions options)
    {
        forwarded.ForwardedHeaders = options.TrustedProxies.Count == 0
            ? ForwardedHeaders.None
            : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
        // As many hops as are trusted: the first address from the right that is not is the client's.
        forwarded.ForwardLimit = null;
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var network in Of(options))
        {
            forwarded.KnownIPNetworks.Add(network);
        }
    }
}

/// <summary>
/// Says which peer brings addresses that nobody believes: a proxy that the settings forget, whose clients all share one
/// limit, or somebody who makes them up. Stands before the middleware that takes believed ones away.
/// </summary>
internal sealed partial class ForwardedByStranger(
    RequestDelegate next, HttpOptions options, ILogger<ForwardedByStranger> log)
{
    // Anybody can send the header from anywhere: the log is not theirs to fill.
    private const int PeersMax = 16;

    private readonly IReadOnlyList<IPNetwork> trusted = ProxyTrust.Of(options);
    private readonly HashSet<IPAddress> told = [];
    private volatile bool isEnough;

    public Task Invoke(HttpContext context)
    {
        if (!isEnough && context.Request.Headers.ContainsKey(ForwardedHeadersDefaults.XForwardedForHeaderName) &&
            context.Connection.RemoteIpAddress is { } peer)
        {
            Tell(peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer);
        }

        return next(context);
    }

    private void Tell(IPAddress peer)
    {
        if (trusted.Any(network => network.Contains(peer)))
        {
            return;
        }

        lock (told)
        {
            if (told.Count >= PeersMax || !told.Add(peer))
            {
                return;
            }

            isEnough = told.Count == PeersMax;
        }

        LogStranger(peer);
    }

    [LoggerMessage(2010, LogLevel.Warning,
        "X-Forwarded-For from {Peer} is not believed, and all who come through it count as one: if it is a proxy of " +
        "yours, name it in GATEHOUSE_HTTP__TRUSTEDPROXIES. Said once a peer, of 16 peers at most")]
    private partial void LogStranger(IPAddress peer);
}
