using System.Globalization;
using System.Net;

namespace Gatehouse.Notifications.Domain.Webhooks;

/// <summary>
/// Where webhooks may go: the public internet by the usual ports, and what an operator allows beyond it.
/// </summary>
internal sealed class WebhookTargets
{
    private readonly HashSet<string> hosts = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<IPNetwork> networks = [];
    private readonly List<(int First, int Last)> ports = [];

    /// <param name="allowed">Names, addresses and networks, such as <c>localhost</c> or <c>10.1.0.0/16</c>.</param>
    /// <param name="ports">Numbers and ranges, such as <c>443</c> or <c>8000-8999</c>.</param>
    public WebhookTargets(IEnumerable<string> allowed, IEnumerable<string> ports)
    {
        foreach (var one in allowed)
        {
            if (TryNetwork(one, out var network))
            {
                networks.Add(network);
            }
            else
            {
                hosts.Add(one);
            }
        }

        foreach (var one in ports)
        {
            this.ports.Add(TryPorts(one, out var range) ? range : throw new FormatException($"'{one}' is no port."));
        }
    }

    /// <summary>By its name as it stands in the URL: neither its port nor its addresses are looked at.</summary>
    public bool AllowsHost(string host) => hosts.Contains(host);

    public bool AllowsPort(int port) => ports.Exists(range => port >= range.First && port <= range.Last);

    /// <summary>Whether the address is public, or allowed.</summary>
    public bool Allows(IPAddress address) => IsNamed(address) || PublicAddresses.Contains(address);

    /// <summary>An address that an operator allows, and with it every port.</summary>
    public bool IsNamed(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return networks.Exists(network => network.Contains(plain));
    }

    public static bool TryNetwork(string text, out IPNetwork network)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
            return true;
        }

        return IPNetwork.TryParse(text, out network);
    }

    public static bool TryPorts(string text, out (int First, int Last) range)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        range = default;
        if (!TryPort(dash < 0 ? text : text[..dash], out var first) ||
            !TryPort(dash < 0 ? text : text[(dash + 1)..], out var last) || last < first)
        {
            return false;
        }

        range = (first, last);
        return true;
    }

    private static bool TryPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= 65_535;
}
