using System.Text.Json;
using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Policies;

/// <summary>What a token with a good signature says.</summary>
/// <param name="GoodUntil">Expiry with the leeway.</param>
internal sealed record IssuerClaims(
    string Subject, IReadOnlyList<string> Roles, IReadOnlyList<string> Scopes, DateTimeOffset GoodUntil)
{
    private const int SubjectMax = 255;
    private const int NamesMax = 200;
    private const double SecondsMax = 253_402_300_799;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <summary>Null: it is not of this issuer, not for us, not now, or of nobody.</summary>
    public static IssuerClaims? Read(byte[] json, TrustedIssuer issuer, DateTimeOffset now)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            var claims = document.RootElement;
            if (claims.GetProperty("iss").GetString() != issuer.Issuer || !IsFor(claims, issuer.Audiences) ||
                claims.GetProperty("sub").GetString() is not { Length: > 0 and <= SubjectMax } subject ||
                Time(claims, "exp") is not { } expires || now >= expires + issuer.Leeway ||
                !IsPast(claims, "nbf", now + issuer.Leeway) || !IsPast(claims, "iat", now + issuer.Leeway))
            {
                return null;
            }

            return new IssuerClaims(
                subject, Names(claims, issuer.RolesClaim), Names(claims, issuer.ScopesClaim), expires + issuer.Leeway);
        }
        catch (Exception exception) when (
            exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    private static bool IsFor(JsonElement claims, IReadOnlyList<string> audiences)
    {
        var claim = claims.GetProperty("aud");
        return claim.ValueKind == JsonValueKind.Array
            ? claim.EnumerateArray().Any(one => audiences.Contains(one.GetString()))
            : audiences.Contains(claim.GetString());
    }

    private static bool IsPast(JsonElement claims, string name, DateTimeOffset now) =>
        !claims.TryGetProperty(name, out _) || Time(claims, name) <= now;

    // Seconds, with fractions for some. Null: no time that there is.
    private static DateTimeOffset? Time(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var claim) && claim.ValueKind == JsonValueKind.Number &&
        claim.TryGetDouble(out var seconds) && seconds is >= 0 and <= SecondsMax
            ? DateTimeOffset.UnixEpoch.AddSeconds(Math.Floor(seconds))
            : null;

    /// <summary>A list, or one text with spaces between.</summary>
    private static IReadOnlyList<string> Names(JsonElement claims, string path)
    {
        if (Find(claims, path) is not { } claim)
        {
            return [];
        }

        var names = claim.ValueKind switch
        {
            JsonValueKind.String => claim.GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            JsonValueKind.Array => claim.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.String)
                .Select(one => one.GetString()!),
            _ => [],
        };
        return [.. names.Where(name => name.Length > 0).Take(NamesMax)];
    }

    // A name may have dots of its own, as one that is an address.
    private static JsonElement? Find(JsonElement claims, string path)
    {
        if (claims.TryGetProperty(path, out var whole))
        {
            return whole;
        }

        var found = claims;
        foreach (var name in path.Split('.'))
        {
            if (found.ValueKind != JsonValueKind.Object || !found.TryGetProperty(name, out found))
            {
                return null;
            }
        }

        return found;
    }
}
