using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Gatehouse.Foundation.Limits;

/// <summary>
/// Who or what spends, in 16 bytes: an address, an id, or the hash of a text, so that no e-mail address is in Redis.
/// </summary>
public readonly record struct LimitKey
{
    private readonly char kind;
    private readonly ulong high;
    private readonly ulong low;

    private LimitKey(char kind, ReadOnlySpan<byte> bytes)
    {
        this.kind = kind;
        high = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        low = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
    }

    /// <summary>Of an IPv6 client, the /64; of a mapped one, the IPv4 address.</summary>
    public static LimitKey Of(IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        if (address is null)
        {
            return new LimitKey('?', bytes);
        }

        address.TryWriteBytes(bytes, out _);
        if (address.IsIPv4MappedToIPv6)
        {
            bytes[12..].CopyTo(bytes);
            bytes[4..].Clear();
            return new LimitKey('4', bytes);
        }

        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            bytes[8..].Clear();
            return new LimitKey('6', bytes);
        }

        return new LimitKey('4', bytes);
    }

    public static LimitKey Of(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes);
        return new LimitKey('i', bytes);
    }

    public static LimitKey Of(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan()), hash);
        return new LimitKey('t', hash);
    }

    public override int GetHashCode() => HashCode.Combine(high, low);

    /// <summary>As part of the name of a key.</summary>
    public override string ToString() => string.Create(null, stackalloc char[40], $"{kind}{high:x16}{low:x16}");
}
