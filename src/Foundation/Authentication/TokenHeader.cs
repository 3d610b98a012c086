using System.Buffers.Text;
using System.Text.Json;

namespace Gatehouse.Foundation.Authentication;

/// <summary>
/// The outside of an access token, read strictly before any cryptography: three parts in the one spelling base64url
/// has, a header with <c>alg</c>, <c>kid</c> and <c>typ</c> once each and nothing else, claims without a member twice.
/// So <c>crit</c>, <c>b64</c>, <c>jwk</c>, <c>jku</c>, <c>x5u</c> and encrypted tokens (five parts) never reach a
/// library.
/// </summary>
internal sealed record TokenHeader(string Algorithm, string KeyId, int SignatureBytes)
{
    public const int TokenCharactersMax = 8192;
    private const string AccessTokenType = "at+jwt";
    internal static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 2 };

    /// <summary>Null for what cannot be a token of ours.</summary>
    public static TokenHeader? Read(string token)
    {
        if (token.Length > TokenCharactersMax)
        {
            return null;
        }

        var parts = token.Split('.', 4);
        return parts.Length == 3
            && Decode(parts[0]) is { } header
            && Decode(parts[1]) is { } claims && TokenClaims.AreSound(claims)
            && Decode(parts[2]) is { } signature
            ? Parse(header, signature.Length)
            : null;
    }

    // The last character of a part may carry bits that are ignored, and decoders skip padding and white space: many
    // texts, one token.
    private static byte[]? Decode(string part)
    {
        if (!Base64Url.IsValid(part))
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(part);
        return Base64Url.EncodeToString(bytes) == part ? bytes : null;
    }

    private static TokenHeader? Parse(byte[] json, int signatureBytes)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            var members = document.RootElement.EnumerateObject()
                .ToDictionary(member => member.Name, member => member.Value.GetString(), StringComparer.Ordinal);
            return members.Count == 3
                && members.GetValueOrDefault("typ") == AccessTokenType
                && members.GetValueOrDefault("alg") is { } algorithm
                && members.GetValueOrDefault("kid") is { } keyId
                ? new TokenHeader(algorithm, keyId, signatureBytes)
                : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
