using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Gatehouse.Gateway.Forwarding;

/// <summary>Where this process listens: a request that is sent there comes back.</summary>
internal sealed class OwnAddresses(IServer server)
{
    private static readonly TimeSpan LookUpMax = TimeSpan.FromSeconds(1);

    /// <summary>Names are looked up, for a second at most; one that is not found is not ours.</summary>
    public async Task<bool> Hold(Uri address, CancellationToken cancellation)
    {
        var listening = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        return listening.Any(own => PortOf(own) == address.Port) && await IsHere(address, cancellation);
    }

    private static async Task<bool> IsHere(Uri address, CancellationToken cancellation)
    {
        var host = address.IdnHost.TrimEnd('.');
        if (IPAddress.TryParse(host, out var literal))
        {
            return IsHere(literal);
        }

        if (host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ||
            host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase) ||
            host.Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bound.CancelAfter(LookUpMax);
        try
        {
            return (await Dns.GetHostAddressesAsync(host, bound.Token)).Any(IsHere);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            return false;
        }
    }

    private static bool IsHere(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return IPAddress.IsLoopback(plain) || plain.Equals(IPAddress.Any) || plain.Equals(IPAddress.IPv6Any) ||
            NetworkInterface.GetAllNetworkInterfaces().SelectMany(card => card.GetIPProperties().UnicastAddresses)
                .Any(own => own.Address.Equals(plain));
    }

    private static int PortOf(string listening) =>
        int.TryParse(listening.AsSpan(listening.LastIndexOf(':') + 1).TrimEnd('/'), out var port) ? port : 0;
}
