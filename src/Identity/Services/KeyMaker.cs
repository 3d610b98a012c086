using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Configuration;
using Gatehouse.Foundation.Secrets;
using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;
using Microsoft.IdentityModel.Tokens;

namespace Gatehouse.Identity.Services;

/// <summary>Makes signing keys and opens them. Their private parts are plain in memory only.</summary>
internal sealed class KeyMaker(IdentityOptions options, SecretBox box, TimeProvider time)
{
    private const int RsaBits = 3072;

    /// <summary>A key of the algorithm of the settings.</summary>
    public SigningKey Make(DateTimeOffset activatesAt) => options.SigningAlgorithm == SigningAlgorithm.Es256
        ? MakeEc(activatesAt)
        : MakeRsa(activatesAt);

    public SigningCredentials Open(SigningKey key)
    {
        var secret = Unseal(key);
        try
        {
            return key.Algorithm == SigningAlgorithm.Es256
                ? new SigningCredentials(new ECDsaSecurityKey(Ec(secret)) { KeyId = key.Kid }, "ES256")
                : new SigningCredentials(new RsaSecurityKey(Rsa(secret)) { KeyId = key.Kid }, "RS256");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <exception cref="StartupException">The key of this installation is not the one it was sealed with.</exception>
    public void Check(SigningKey key) => CryptographicOperations.ZeroMemory(Unseal(key));

    public static TokenKey Publish(SigningKey key) =>
        JsonSerializer.Deserialize(key.PublicKey, IdentityJson.Default.TokenKey)!;

    private SigningKey MakeEc(DateTimeOffset activatesAt)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var (x, y) = (Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
        var kid = Thumbprint($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""");
        var published = new TokenKey(kid, "EC", "ES256") { Crv = "P-256", X = x, Y = y };
        return Seal(published, SigningAlgorithm.Es256, key.ExportPkcs8PrivateKey(), activatesAt);
    }

    private SigningKey MakeRsa(DateTimeOffset activatesAt)
    {
        using var key = RSA.Create(RsaBits);
        var numbers = key.ExportParameters(includePrivateParameters: false);
        var (n, e) = (Base64Url.EncodeToString(numbers.Modulus), Base64Url.EncodeToString(numbers.Exponent));
        var kid = Thumbprint($$"""{"e":"{{e}}","kty":"RSA","n":"{{n}}"}""");
        var published = new TokenKey(kid, "RSA", "RS256") { N = n, E = e };
        return Seal(published, SigningAlgorithm.Rs256, key.ExportPkcs8PrivateKey(), activatesAt);
    }

    private SigningKey Seal(
        TokenKey published, SigningAlgorithm algorithm, byte[] secret, DateTimeOffset activatesAt)
    {
        var sealedSecret = box.Seal(Purpose(published.Kid), secret);
        CryptographicOperations.ZeroMemory(secret);
        var json = JsonSerializer.Serialize(published, IdentityJson.Default.TokenKey);
        return new SigningKey(published.Kid, algorithm, json, sealedSecret, time.Now(), activatesAt);
    }

    private byte[] Unseal(SigningKey key)
    {
        try
        {
            return box.Open(Purpose(key.Kid), key.SealedPrivateKey);
        }
        catch (CryptographicException exception)
        {
            throw new StartupException(
                "The signing key in the database was sealed with another secret key " +
                "(GATEHOUSE_SECRETS__KEY, or secret.key in the data folder).", exception);
        }
    }

    private static ECDsa Ec(byte[] secret)
    {
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(secret, out _);
        return key;
    }

    private static RSA Rsa(byte[] secret)
    {
        var key = RSA.Create();
        key.ImportPkcs8PrivateKey(secret, out _);
        return key;
    }

    // RFC 7638: an id that nobody has to hand out.
    private static string Thumbprint(string members) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(members)));

    private static string Purpose(string kid) => $"identity/signing-key/{kid}";
}
