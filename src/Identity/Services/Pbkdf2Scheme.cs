using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Gatehouse.Identity.Services;

/// <summary>
/// The framework's PBKDF2 with HMAC-SHA-512, where the operating system has no bcrypt (macOS, Windows, Alpine).
/// </summary>
internal sealed class Pbkdf2Scheme : IPasswordScheme
{
    /// <summary>What OWASP's Password Storage Cheat Sheet asks for with SHA-512.</summary>
    public const uint Iterations = 210_000;

    private const string Mark = "pbkdf2:";
    private const int SaltBytes = 16;
    private const int SubkeyBytes = 32;
    private const uint HmacSha512 = 2;
    private static readonly object NoUser = new();

    private readonly PasswordHasher<object> hasher = new(Options.Create(new PasswordHasherOptions
    {
        CompatibilityMode = PasswordHasherCompatibilityMode.IdentityV3,
        IterationCount = (int)Iterations,
    }));

    public bool Made(string stored) => stored.StartsWith(Mark, StringComparison.Ordinal);

    public string Hash(string password) => Mark + hasher.HashPassword(NoUser, password);

    public bool Verify(string password, string stored) =>
        hasher.VerifyHashedPassword(NoUser, stored[Mark.Length..], password) != PasswordVerificationResult.Failed;

    public bool IsWeak(string stored) => IterationsOf(stored) != Iterations;

    public IEnumerable<string> MakeUp(string stored) =>
        IterationsOf(stored) is var done && done < Iterations ? [Dummy(Iterations - done)] : [];

    public string Dummy() => Dummy(Iterations);

    private static uint IterationsOf(string stored) =>
        BinaryPrimitives.ReadUInt32BigEndian(Convert.FromBase64String(stored[Mark.Length..]).AsSpan(5));

    // Format V3 of the framework's hasher: 0x01, then big-endian PRF, iterations and length of the salt, salt, subkey.
    private static string Dummy(uint iterations)
    {
        var bytes = new byte[13 + SaltBytes + SubkeyBytes];
        bytes[0] = 0x01;
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(1), HmacSha512);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(5), iterations);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(9), SaltBytes);
        RandomNumberGenerator.Fill(bytes.AsSpan(13));
        return Mark + Convert.ToBase64String(bytes);
    }
}
