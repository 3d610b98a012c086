using System.Security.Cryptography;
using System.Text;
using Gatehouse.Kernel;

namespace Gatehouse.Contracts.Ticketing;

/// <summary>
/// Buyers without an account. One is known by an id made of the e-mail address, so that limits a buyer and idempotency
/// keys hold for guests as for anybody: a UUIDv8 (RFC 9562) of its SHA-256, which no account can have.
/// </summary>
public static class Guests
{
    private const int Version = 8;

    public static UserId Of(EmailAddress email)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"guest:{email.Text}")).AsSpan(0, 16);
        hash[6] = (byte)((hash[6] & 0x0F) | (Version << 4));
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new UserId(new Guid(hash, bigEndian: true));
    }

    public static bool Include(UserId user) => user.Value.Version == Version;
}
