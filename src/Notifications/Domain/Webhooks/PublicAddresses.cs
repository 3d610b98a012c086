using System.Net;
using System.Net.Sockets;

namespace Gatehouse.Notifications.Domain.Webhooks;

/// <summary>
/// What is on the public internet, by IANA's registries of special-purpose addresses. For IPv6 it is a list of what
/// is public, so that what is assigned next is refused until somebody thinks about it.
/// </summary>
internal static class PublicAddresses
{
    private static readonly IPNetwork[] NotPublic =
    [
        Network("0.0.0.0/8"), // this network; 0.0.0.0 is this machine
        Network("10.0.0.0/8"),
        Network("100.64.0.0/10"), // carrier-grade NAT; a metadata service at 100.100.100.200
        Network("127.0.0.0/8"),
        Network("168.63.129.16/32"), // Azure's platform, at an address that looks public
        Network("169.254.0.0/16"), // link-local; metadata services at 169.254.169.254
        Network("172.16.0.0/12"),
        Network("192.0.0.0/24"), // protocol assignments; a metadata service at 192.0.0.192
        Network("192.0.2.0/24"), // documentation
        Network("192.88.99.0/24"), // relays of 6to4
        Network("192.168.0.0/16"),
        Network("198.18.0.0/15"), // benchmarks
        Network("198.51.100.0/24"), // documentation
        Network("203.0.113.0/24"), // documentation
        Network("224.0.0.0/4"), // multicast
        Network("240.0.0.0/4"), // reserved, and broadcast
        Network("2001::/23"), // protocol assignments: Teredo, benchmarks, ORCHID
        Network("2001:db8::/32"), // documentation
        Network("2002::/16"), // 6to4 carries an IPv4 address, and nobody relays it any more
        Network("3fff::/20"), // documentation
    ];

    /// <summary>All that IANA has given out; loopback, fc00::/7, fe80::/10 and multicast are not of it.</summary>
    private static readonly IPNetwork GlobalUnicast = Network("2000::/3");

    /// <summary>IPv4 as an IPv6-only network reaches it (NAT64): as public as what it carries.</summary>
    private static readonly IPNetwork Translated = Network("64:ff9b::/96");

    public static bool Contains(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            if (address.IsIPv4MappedToIPv6 || Translated.Contains(address))
            {
                return Contains(new IPAddress(address.GetAddressBytes().AsSpan(12)));
            }

            if (!GlobalUnicast.Contains(address))
            {
                return false;
            }
        }

        return !Array.Exists(NotPublic, network => network.Contains(address));
    }

    private static IPNetwork Network(string text) => IPNetwork.Parse(text);
}
