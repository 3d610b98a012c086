using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Gatehouse.Gateway.Policies;

/// <summary>
/// The outside of a signed token, read strictly before any cryptography: three parts in the one spelling base64url has,
/// no member twice, nothing in the header that would change how it is read or where its key comes from.
/// </summary>
/// <param name="Signed">What the signature is of.</param>
internal sealed record IssuerTokenText(
    string Algorithm, string KeyId, byte[] Signed, byte[] Claims, byte[] Signature)
{
    private const int CharactersMax = 16_384;
    private const int KeyIdMax = 256;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 3 };
    private static readonly string[] Refused = ["crit", "b64", "jku", "jwk", "x5u", "x5c", "zip", "enc", "epk"];
    private static readonly string[] Types = ["jwt", "at+jwt", "application/at+jwt"];

    /// <summary>Null for what cannot be a token.</summary>
    public static IssuerTokenText? Read(string token)
    {
        if (token.Length > CharactersMax)
        {
            return null;
        }

        var parts = token.Split('.', 4);
        return parts.Length == 3 && Decode(parts[0]) is { } header && Decode(parts[1]) is { } claims &&
            Decode(parts[2]) is { Length: > 0 } signature && Header(header) is var (algorithm, keyId)
                ? new IssuerTokenText(
                    algorithm, keyId, Encoding.ASCII.GetBytes(token[..token.LastIndexOf('.')]), claims, signature)
                : null;
    }

    // Many texts would be one token: the last character may carry bits that are ignored, and padding is skipped.
    private static byte[]? Decode(string part)
    {
        if (!Base64Url.IsValid(part))
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(part);
        return Base64Url.EncodeToString(bytes) == part ? bytes : null;
    }

    private static (string Algorithm, string KeyId)? Header(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            var header = document.RootElement;
            if (Array.Exists(Refused, name => header.TryGetProperty(name, out _)) ||
                (header.TryGetProperty("typ", out var type) &&
                    !Types.Contains(type.GetString(), StringComparer.OrdinalIgnoreCase)))
            {
                return null;
            }

            return header.TryGetProperty("alg", out var alg) && alg.GetString() is { } algorithm &&
                header.TryGetProperty("kid", out var kid) && kid.GetString() is { Length: > 0 and <= KeyIdMax } keyId
                    ? (algorithm, keyId)
                    : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
