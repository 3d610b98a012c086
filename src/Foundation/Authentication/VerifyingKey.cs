using System.Buffers.Text;
using System.Security.Cryptography;
using Gatehouse.Contracts.Identity;
using Microsoft.IdentityModel.Tokens;

namespace Gatehouse.Foundation.Authentication;

/// <summary>A published key, ready to verify with: one algorithm, and one length that its signatures have.</summary>
internal sealed record VerifyingKey(SecurityKey Key, string Algorithm, int SignatureBytes)
{
    private const int EcSignatureBytes = 64;
    private const int RsaBytesMin = 256;
    private const int RsaBytesMax = 512;

    /// <summary>Null for what is no key that access tokens are signed with.</summary>
    public static VerifyingKey? Import(TokenKey key)
    {
        try
        {
            return key switch
            {
                { Kty: "EC", Alg: "ES256", Crv: "P-256", X: { } x, Y: { } y } => OfPoint(key.Kid, x, y),
                { Kty: "RSA", Alg: "RS256", N: { } n, E: { } e } => OfModulus(key.Kid, n, e),
                _ => null,
            };
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            return null;
        }
    }

    private static VerifyingKey OfPoint(string kid, string x, string y)
    {
        var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Base64Url.DecodeFromChars(x), Y = Base64Url.DecodeFromChars(y) },
        });
        return new VerifyingKey(new ECDsaSecurityKey(key) { KeyId = kid }, "ES256", EcSignatureBytes);
    }

    private static VerifyingKey? OfModulus(string kid, string n, string e)
    {
        var numbers = new RSAParameters
        {
            Modulus = Base64Url.DecodeFromChars(n),
            Exponent = Base64Url.DecodeFromChars(e),
        };
        return numbers.Modulus.Length is >= RsaBytesMin and <= RsaBytesMax
            ? new VerifyingKey(
                new RsaSecurityKey(RSA.Create(numbers)) { KeyId = kid }, "RS256", numbers.Modulus.Length)
            : null;
    }
}
