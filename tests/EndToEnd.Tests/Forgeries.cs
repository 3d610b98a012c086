using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>
/// Tokens that are not good, each of a kind of its own: nearly all are signed with the installation's own key, so that
/// one check alone stands between them and an account.
/// </summary>
internal static class Forgeries
{
    private const string Order = "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551";

    /// <param name="forge">Of the installation they are shown to.</param>
    /// <param name="elsewhere">An address of ours, where nobody may ever ask for a key.</param>
    public static IReadOnlyList<(string What, string Token)> Of(TokenForge forge, string elsewhere) =>
    [
        .. Claims(forge), .. Headers(forge, elsewhere), .. Texts(forge), .. Algorithms(forge), .. Signatures(forge),
        .. Shapes(forge),
    ];

    private static IEnumerable<(string What, string Token)> Claims(TokenForge forge)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var wrong = new (string What, (string Name, JsonNode? Value)[] Changes)[]
        {
            ("expired", [("exp", now - 60), ("iat", now - 600)]),
            ("expired a moment past the skew", [("exp", now - 6), ("iat", now - 600)]),
            ("of 1970", [("exp", 0), ("iat", 0)]),
            ("expiry below zero", [("exp", -1)]),
            ("expiry past all dates", [("exp", 99_999_999_999_999)]),
            ("expiry as text", [("exp", $"{now + 600}")]),
            ("expiry with a fraction", [("exp", now + 600.5)]),
            ("expiry as a list", [("exp", new JsonArray(now + 600))]),
            ("of the future", [("iat", now + 600)]),
            ("made at a text", [("iat", "now")]),
            ("not yet good", [("nbf", now + 600)]),
            ("good from a text on", [("nbf", $"{now - 600}")]),
            ("for another audience", [("aud", "journal")]),
            ("for an audience in other case", [("aud", "Gatehouse")]),
            ("for several audiences", [("aud", new JsonArray("gatehouse", "journal"))]),
            ("for an audience that begins so", [("aud", "gatehouse-journal")]),
            ("by another issuer", [("iss", "https://elsewhere.example")]),
            ("by an issuer in other case", [("iss", "Gatehouse")]),
            ("of an unknown role", [("role", "root")]),
            ("of a role in other case", [("role", "User")]),
            ("of two roles", [("role", new JsonArray("user", "admin"))]),
            ("of a role it has not", [("role", "admin")]),
            ("of no user", [("sub", "1")]),
            ("of another user", [("sub", Guid.NewGuid().ToString())]),
            ("of a user by number", [("sub", 1)]),
            ("of no session", [("sid", "1")]),
            ("of a session there is not", [("sid", Guid.NewGuid().ToString())]),
        };
        return wrong.Select(one => (one.What, forge.Sign(forge.Header, forge.Claims(one.Changes))))
            .Concat(new[] { "exp", "iat", "iss", "aud", "sub", "sid", "role", "jti" }.Select(name =>
                ($"without {name}", forge.Sign(forge.Header, forge.Claims((name, null))))));
    }

    private static IEnumerable<(string What, string Token)> Headers(TokenForge forge, string elsewhere)
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = own.ExportParameters(includePrivateParameters: false).Q;
        var jwk = new JsonObject
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["x"] = Base64Url.EncodeToString(point.X),
            ["y"] = Base64Url.EncodeToString(point.Y),
        };
        byte[] ByOwn(byte[] text) => own.SignData(text, HashAlgorithmName.SHA256);
        var claims = forge.Claims();
        yield return ("with a key of its own, signed by it",
            TokenForge.Sign(forge.HeaderWith(("jwk", jwk)), claims, ByOwn));
        foreach (var name in new[] { "jku", "x5u" })
        {
            yield return ($"{name} to a key elsewhere",
                TokenForge.Sign(forge.HeaderWith((name, elsewhere)), claims, ByOwn));
            yield return ($"{name} beside a right signature", forge.Sign(forge.HeaderWith((name, elsewhere)), claims));
        }

        var wrong = new (string What, (string Name, JsonNode? Value)[] Changes)[]
        {
            ("with a certificate", [("x5c", new JsonArray("MIIB"))]),
            ("with a thumbprint", [("x5t", "AAAA")]),
            ("of another type", [("typ", "JWT")]),
            ("of the type of a refresh token", [("typ", "rt+jwt")]),
            ("of the type in other case", [("typ", "AT+JWT")]),
            ("of no type", [("typ", null)]),
            ("with a critical extension", [("crit", new JsonArray("exp"))]),
            ("with an empty list of critical extensions", [("crit", new JsonArray())]),
            ("with a payload that is not encoded", [("b64", false), ("crit", new JsonArray("b64"))]),
            ("compressed", [("zip", "DEF")]),
            ("nested", [("cty", "JWT")]),
            ("of an unknown key", [("kid", "nobody")]),
            ("of no key", [("kid", null)]),
            ("of an empty key", [("kid", "")]),
            ("of a key by number", [("kid", 0)]),
            ("of a key that is a file", [("kid", "../../../../dev/null")]),
            ("of a key that is SQL", [("kid", "x' UNION SELECT 'AAAA' --")]),
            ("of a key that is an address", [("kid", elsewhere)]),
            ("of a very long key", [("kid", new string('k', 4000))]),
        };
        foreach (var (what, changes) in wrong)
        {
            yield return (what, forge.Sign(forge.HeaderWith(changes), claims));
        }
    }

    private static IEnumerable<(string What, string Token)> Texts(TokenForge forge)
    {
        var (text, claims) = (forge.Header.ToJsonString(), forge.Claims());
        yield return ("a header member twice",
            forge.Sign(text.Replace("{", "{\"alg\":\"none\",", StringComparison.Ordinal), claims.ToJsonString()));
        yield return ("a claim twice", forge.Sign(
            text, claims.ToJsonString().Replace("{", "{\"role\":\"admin\",", StringComparison.Ordinal)));
        yield return ("a header that is a list", forge.Sign("[]", claims.ToJsonString()));
        yield return ("a header that is no JSON", forge.Sign("{alg:ES256}", claims.ToJsonString()));
        yield return ("a header with a comment", forge.Sign(text + "/**/", claims.ToJsonString()));
        yield return ("claims that are a list", forge.Sign(text, "[]"));
        yield return ("claims that are null", forge.Sign(text, "null"));
        yield return ("claims with more after them", forge.Sign(text, claims.ToJsonString() + "{}"));
        yield return ("claims behind a byte order mark", forge.Sign(text, "\uFEFF" + claims.ToJsonString()));
        yield return ("claims that are deep",
            forge.Sign(text, $$"""{"a":{{new string('[', 900)}}{{new string(']', 900)}}}"""));
    }

    private static IEnumerable<(string What, string Token)> Algorithms(TokenForge forge)
    {
        var claims = forge.Claims();
        using var rsa = RSA.Create(2048);
        foreach (var none in new[] { "none", "None", "nOnE", "NONE", "" })
        {
            yield return ($"alg '{none}'", TokenForge.Sign(forge.HeaderWith(("alg", none)), claims, _ => []));
        }

        yield return ("alg none with a right signature", forge.Sign(forge.HeaderWith(("alg", "none")), claims));
        yield return ("no alg", forge.Sign(forge.HeaderWith(("alg", null)), claims));
        yield return ("alg by number", forge.Sign(forge.HeaderWith(("alg", 256)), claims));
        foreach (var other in new[] { "ES384", "ES512", "ES256K", "EdDSA", "es256", "RS256", "PS256", "HS256" })
        {
            yield return ($"alg {other} with a right signature", forge.Sign(forge.HeaderWith(("alg", other)), claims));
        }

        yield return ("RS256 by a foreign key", TokenForge.Sign(forge.HeaderWith(("alg", "RS256")), claims, text =>
            rsa.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)));
        yield return ("ES256 signed with RSA", TokenForge.Sign(forge.Header, claims, text =>
            rsa.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)));
        var secrets = new (string Name, byte[] Secret)[]
        {
            ("the public key", forge.PublicKeyInfo),
            ("the public key as PEM", Encoding.ASCII.GetBytes(forge.PublicKeyPem)),
            ("nothing", []),
            ("the key's id", Encoding.ASCII.GetBytes((string)forge.Header["kid"]!)),
        };
        foreach (var (name, secret) in secrets)
        {
            yield return ($"HS256 with {name}", TokenForge.Sign(
                forge.HeaderWith(("alg", "HS256")), claims, text => HMACSHA256.HashData(secret, text)));
        }

        yield return ("HS512 with the public key", TokenForge.Sign(
            forge.HeaderWith(("alg", "HS512")), claims, text => HMACSHA512.HashData(forge.PublicKeyInfo, text)));
    }

    private static IEnumerable<(string What, string Token)> Signatures(TokenForge forge)
    {
        var (header, claims) = (forge.Header, forge.Claims());
        var parts = forge.Genuine.Split('.');
        var genuine = Base64Url.DecodeFromChars(parts[2]);
        var order = Convert.FromHexString(Order);
        using var foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var larger = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        yield return ("by a foreign key", TokenForge.Sign(header, claims, text =>
            foreign.SignData(text, HashAlgorithmName.SHA256)));
        yield return ("by a key of another curve", TokenForge.Sign(header, claims, text =>
            larger.SignData(text, HashAlgorithmName.SHA256)));
        yield return ("signature as DER", TokenForge.Sign(header, claims, forge.SignDer));
        yield return ("no signature", TokenForge.Sign(header, claims, _ => []));
        yield return ("signature of another token", TokenForge.Sign(header, claims, _ => [.. genuine.Reverse()]));
        var broken = new (string What, byte[] Bytes)[]
        {
            ("of zeros", new byte[64]),
            ("of ones", [.. Enumerable.Repeat((byte)0xFF, 64)]),
            ("with r zero", [.. new byte[32], .. genuine[32..]]),
            ("with s zero", [.. genuine[..32], .. new byte[32]]),
            ("with r the order", [.. order, .. genuine[32..]]),
            ("with s the order", [.. genuine[..32], .. order]),
            ("with r and s exchanged", [.. genuine[32..], .. genuine[..32]]),
            ("a byte short", genuine[..63]),
            ("a byte long", [.. genuine, 1]),
            ("with zeros before each half", [0, .. genuine[..32], 0, .. genuine[32..]]),
        };
        foreach (var (what, bytes) in broken)
        {
            yield return ($"signature {what}", $"{parts[0]}.{parts[1]}.{Base64Url.EncodeToString(bytes)}");
        }
    }

    private static IEnumerable<(string What, string Token)> Shapes(TokenForge forge)
    {
        var genuine = forge.Genuine;
        var parts = genuine.Split('.');
        for (var part = 0; part < 3; part++)
        {
            var bytes = Base64Url.DecodeFromChars(parts[part]);
            for (var at = 0; at < bytes.Length; at += Math.Max(1, bytes.Length / 8))
            {
                var flipped = bytes.ToArray();
                flipped[at] ^= 1;
                var changed = parts.ToArray();
                changed[part] = Base64Url.EncodeToString(flipped);
                yield return ($"bit of byte {at} of part {part} flipped", string.Join('.', changed));
            }
        }

        var admin = TokenForge.Encode(forge.Claims(("role", "admin")).ToJsonString());
        yield return ("raised role under the old signature", $"{parts[0]}.{admin}.{parts[2]}");
        yield return ("cut", genuine[..^4]);
        yield return ("lengthened", genuine + "A");
        yield return ("padded", genuine + "==");
        yield return ("header padded", $"{parts[0]}=.{parts[1]}.{parts[2]}");
        yield return ("last letter with other spare bits", genuine[..^1] + Spare(genuine[^1]));
        yield return (
            "in the other alphabet", $"{parts[0]}.{parts[1]}.{parts[2].Replace('-', '+').Replace('_', '/')}+");
        yield return ("with a space before it", " " + genuine);
        yield return ("with a space in it", $"{parts[0]}. {parts[1]}.{parts[2]}");
        yield return ("with a tab in it", $"{parts[0]}.{parts[1]}\t.{parts[2]}");
        yield return ("in quotes", $"\"{genuine}\"");
        yield return ("escaped", genuine.Replace(".", "%2E", StringComparison.Ordinal));
        yield return ("two in one", $"{genuine},{genuine}");
        yield return ("one part", parts[0]);
        yield return ("two parts", $"{parts[0]}.{parts[1]}");
        yield return ("four parts", $"{genuine}.{parts[2]}");
        yield return ("encrypted: five parts", $"{parts[0]}..{parts[1]}.{parts[2]}.{parts[0]}");
        yield return ("empty header", $".{parts[1]}.{parts[2]}");
        yield return ("empty claims", $"{parts[0]}..{parts[2]}");
        yield return ("only dots", "..");
        yield return ("as JSON",
            $$"""{"protected":"{{parts[0]}}","payload":"{{parts[1]}}","signature":"{{parts[2]}}"}""");
        yield return ("no token", "nonsense");
        yield return ("a refresh token", Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));
        yield return ("an API key", "gh_live_" + Convert.ToHexString(RandomNumberGenerator.GetBytes(16)));
        yield return ("in a token", forge.Sign(forge.Header, new JsonObject { ["token"] = genuine }));
        yield return ("huge", forge.Sign(forge.Header, forge.Claims(("more", new string('a', 10_000)))));
    }

    // 64 bytes end in a letter of which four bits count for nothing.
    private static char Spare(char last)
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return alphabet[alphabet.IndexOf(last, StringComparison.Ordinal) ^ 1];
    }
}
