using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;

namespace Gatehouse.Foundation.Limits;

/// <summary>
/// How often one address may try what costs cryptography. A sliding window of a minute in six parts; an IPv6 client is
/// its /64, since it owns all of it.
/// </summary>
internal sealed class AddressLimit(LimitsOptions options) : IDisposable
{
    public const int WindowSeconds = 60;

    private readonly PartitionedRateLimiter<IPAddress> limiter =
        PartitionedRateLimiter.Create<IPAddress, IPAddress>(address =>
            RateLimitPartition.GetSlidingWindowLimiter(address, _ => new SlidingWindowRateLimiterOptions
            {
                PermitLimit = options.AuthPerMinute,
                Window = TimeSpan.FromSeconds(WindowSeconds),
                SegmentsPerWindow = 6,
                QueueLimit = 0,
            }));

    public bool Enabled => options.Enabled;

    public int PermitsMax => options.AuthPerMinute;

    /// <summary>Spends one permit if there is one; answers what is left.</summary>
    public bool TrySpend(IPAddress? client, out long left)
    {
        var address = Network(client ?? IPAddress.None);
        using var lease = limiter.AttemptAcquire(address);
        left = limiter.GetStatistics(address)?.CurrentAvailablePermits ?? 0;
        return lease.IsAcquired;
    }

    public void Dispose() => limiter.Dispose();

    internal static IPAddress Network(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new IPAddress(bytes);
    }
}

/// <summary>Marks endpoints that share the address limit.</summary>
public sealed class AddressLimited
{
    internal static readonly AddressLimited Instance = new();
}

public static class AddressLimitRegistration
{
    public static TBuilder LimitByAddress<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(AddressLimited.Instance);
}
