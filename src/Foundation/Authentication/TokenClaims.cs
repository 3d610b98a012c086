using System.Text.Json;

namespace Gatehouse.Foundation.Authentication;

/// <summary>
/// What the claims of an access token must look like before anything believes one: each of ours once and of its own
/// type. Libraries take times in quotes, lists of audiences and the last of two members of one name.
/// </summary>
internal static class TokenClaims
{
    private static readonly string[] Texts = ["iss", "aud", "sub", "sid", "role", "jti"];
    private static readonly string[] Times = ["iat", "exp"];

    public static bool AreSound(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, TokenHeader.Strict);
            var claims = document.RootElement;
            return Array.TrueForAll(Texts, name => IsText(claims, name))
                && Array.TrueForAll(Times, name => IsTime(claims, name))
                && (!claims.TryGetProperty("nbf", out _) || IsTime(claims, "nbf"));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool IsText(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var claim) && claim.ValueKind == JsonValueKind.String;

    // Seconds since 1970 that a date can hold.
    private static bool IsTime(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var claim) && claim.ValueKind == JsonValueKind.Number &&
        claim.TryGetInt64(out var seconds) && seconds is >= 0 and <= 253_402_300_799;
}
