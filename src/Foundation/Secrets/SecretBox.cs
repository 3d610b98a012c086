using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Foundation.Secrets;

/// <summary>
/// Seals secrets that are kept in a database: AES-256-GCM under a key derived for each purpose from the one key of
/// the installation, so that what was sealed for one purpose, or for one row, opens for no other. The text starts
/// with its version.
/// </summary>
public sealed class SecretBox
{
    public const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const string Version = "v1.";
    private readonly byte[] key;

    public SecretBox(ReadOnlySpan<byte> key)
    {
        if (key.Length != KeyBytes)
        {
            throw new ArgumentException($"The key must have {KeyBytes} bytes, has {key.Length}.", nameof(key));
        }

        this.key = key.ToArray();
    }

    /// <param name="purpose">What it is for, down to the row: <c>identity/signing-key/{id}</c>. The same text opens
    /// it.</param>
    /// <param name="secret">Of any length.</param>
    public string Seal(string purpose, ReadOnlySpan<byte> secret)
    {
        var box = new byte[NonceBytes + secret.Length + TagBytes];
        var nonce = box.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = Cipher(purpose);
        cipher.Encrypt(nonce, secret, box.AsSpan(NonceBytes, secret.Length), box.AsSpan(NonceBytes + secret.Length));
        return Version + Base64Url.EncodeToString(box);
    }

    /// <exception cref="CryptographicException">It was changed, or sealed with another key or for another
    /// purpose.</exception>
    public byte[] Open(string purpose, string sealedText)
    {
        if (!sealedText.StartsWith(Version, StringComparison.Ordinal) ||
            !Base64Url.IsValid(sealedText.AsSpan(Version.Length)))
        {
            throw new CryptographicException("This is no sealed secret of a version this program knows.");
        }

        var box = Base64Url.DecodeFromChars(sealedText.AsSpan(Version.Length));
        if (box.Length < NonceBytes + TagBytes)
        {
            throw new CryptographicException("The sealed secret is cut short.");
        }

        var secret = new byte[box.Length - NonceBytes - TagBytes];
        using var cipher = Cipher(purpose);
        cipher.Decrypt(
            box.AsSpan(0, NonceBytes), box.AsSpan(NonceBytes, secret.Length), box.AsSpan(^TagBytes..), secret);
        return secret;
    }

    /// <summary>
    /// HMAC-SHA-256 of the text under a key of this purpose alone: what nobody can make who has not the key of the
    /// installation, the same each time.
    /// </summary>
    public byte[] Sign(string purpose, ReadOnlySpan<byte> text)
    {
        Span<byte> derived = stackalloc byte[KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, derived, [], Encoding.UTF8.GetBytes($"sign/{purpose}"));
        var signature = HMACSHA256.HashData(derived, text);
        CryptographicOperations.ZeroMemory(derived);
        return signature;
    }

    private AesGcm Cipher(string purpose)
    {
        Span<byte> derived = stackalloc byte[KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, derived, salt: [], info: Encoding.UTF8.GetBytes(purpose));
        var cipher = new AesGcm(derived, TagBytes);
        CryptographicOperations.ZeroMemory(derived);
        return cipher;
    }
}
