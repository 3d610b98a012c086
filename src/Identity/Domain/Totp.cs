using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Identity.Domain;

/// <summary>
/// Time-based one-time passwords (RFC 6238 over RFC 4226): HMAC-SHA-1, six digits, steps of 30 s, which is what every
/// authenticator app understands.
/// </summary>
internal static class Totp
{
    public const int SecretBytes = 20;
    public const int Digits = 6;
    public const int StepSeconds = 30;

    /// <summary>Steps before and after the present one whose codes are good: clocks differ, and typing takes time.
    /// </summary>
    private const int Window = 1;

    private const int Modulus = 1_000_000;
    private const string Base32Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static byte[] NewSecret() => RandomNumberGenerator.GetBytes(SecretBytes);

    public static long StepOf(DateTimeOffset time) => time.ToUnixTimeSeconds() / StepSeconds;

    /// <summary>The step whose code it is, later than the last one that was used; null when it is none's.</summary>
    public static long? Match(ReadOnlySpan<byte> secret, string code, long lastStep, DateTimeOffset now)
    {
        var today = StepOf(now);
        long? found = null;
        for (var step = today - Window; step <= today + Window; step++)
        {
            // No early end: how long it takes says nothing of which step it was.
            if (CryptographicOperations.FixedTimeEquals(
                Encoding.UTF8.GetBytes(Code(secret, step)), Encoding.UTF8.GetBytes(code)) && step > lastStep)
            {
                found ??= step;
            }
        }

        return found;
    }

    public static string Code(ReadOnlySpan<byte> secret, long step)
    {
        Span<byte> counter = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // The algorithm of the standard; HMAC does not need its hash to resist collisions.
        HMACSHA1.HashData(secret, counter, hash);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadUInt32BigEndian(hash[(hash[^1] & 0xF)..]) & 0x7FFF_FFFF;
        return (number % Modulus).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>RFC 4648, without padding: how apps take a secret that is typed.</summary>
    public static string ToBase32(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        var (bits, count) = (0, 0);
        foreach (var value in bytes)
        {
            (bits, count) = ((bits << 8) | value, count + 8);
            for (; count >= 5; count -= 5)
            {
                text.Append(Base32Letters[(bits >> (count - 5)) & 31]);
            }

            bits &= (1 << count) - 1;
        }

        return count == 0 ? text.ToString() : text.Append(Base32Letters[(bits << (5 - count)) & 31]).ToString();
    }
}
