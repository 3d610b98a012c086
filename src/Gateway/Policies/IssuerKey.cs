using System.Buffers.Text;
using System.Security.Cryptography;
using Gatehouse.Contracts.Identity;

namespace Gatehouse.Gateway.Policies;

/// <summary>A published key and the algorithms that it is good for (RFC 7518, 3.1). None is symmetric.</summary>
internal sealed class IssuerKey
{
    private const int RsaBytesMin = 256;
    private const int RsaBytesMax = 1024;

    private readonly string? alg;
    private readonly RSA? rsa;
    private readonly ECDsa? curve;
    private readonly string curveAlgorithm = "";

    private IssuerKey(string? alg, RSA rsa) => (this.alg, this.rsa) = (alg, rsa);

    private IssuerKey(string? alg, ECDsa curve, string curveAlgorithm) =>
        (this.alg, this.curve, this.curveAlgorithm) = (alg, curve, curveAlgorithm);

    /// <summary>Null for what verifies no signatures.</summary>
    public static IssuerKey? Import(TokenKey key)
    {
        try
        {
            return key switch
            {
                { Use: not (null or "sig") } => null,
                { Kty: "RSA", N: { } n, E: { } e } => OfModulus(key.Alg, n, e),
                { Kty: "EC", Crv: "P-256" } => OfPoint(key, ECCurve.NamedCurves.nistP256, "ES256"),
                { Kty: "EC", Crv: "P-384" } => OfPoint(key, ECCurve.NamedCurves.nistP384, "ES384"),
                { Kty: "EC", Crv: "P-521" } => OfPoint(key, ECCurve.NamedCurves.nistP521, "ES512"),
                _ => null,
            };
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            return null;
        }
    }

    public bool Verifies(IssuerTokenText token)
    {
        if ((alg is not null && alg != token.Algorithm) || HashOf(token.Algorithm) is not { } hash)
        {
            return false;
        }

        if (curve is not null)
        {
            // Of one length: DER is another spelling.
            return token.Algorithm == curveAlgorithm &&
                curve.VerifyData(
                    token.Signed, token.Signature, hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }

        var padding = token.Algorithm[0] switch
        {
            'R' => RSASignaturePadding.Pkcs1,
            'P' => RSASignaturePadding.Pss,
            _ => null,
        };
        return padding is not null && rsa!.VerifyData(token.Signed, token.Signature, hash, padding);
    }

    private static HashAlgorithmName? HashOf(string algorithm) => algorithm switch
    {
        "RS256" or "PS256" or "ES256" => HashAlgorithmName.SHA256,
        "RS384" or "PS384" or "ES384" => HashAlgorithmName.SHA384,
        "RS512" or "PS512" or "ES512" => HashAlgorithmName.SHA512,
        _ => null,
    };

    private static IssuerKey? OfModulus(string? alg, string n, string e)
    {
        var numbers = new RSAParameters
        {
            Modulus = Base64Url.DecodeFromChars(n),
            Exponent = Base64Url.DecodeFromChars(e),
        };
        return numbers.Modulus.Length is >= RsaBytesMin and <= RsaBytesMax
            ? new IssuerKey(alg, RSA.Create(numbers))
            : null;
    }

    private static IssuerKey? OfPoint(TokenKey key, ECCurve named, string algorithm) => key is { X: { } x, Y: { } y }
        ? new IssuerKey(key.Alg, ECDsa.Create(new ECParameters
        {
            Curve = named,
            Q = new ECPoint { X = Base64Url.DecodeFromChars(x), Y = Base64Url.DecodeFromChars(y) },
        }), algorithm)
        : null;
}
