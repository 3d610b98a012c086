using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gatehouse.Gateway.Tests.Forwarding;

namespace Gatehouse.Gateway.Tests.Policies;

/// <summary>An issuer: signs tokens, right ones and wrong ones, and publishes its keys.</summary>
internal sealed class TokenMint : IDisposable
{
    // Dear to make, and the same for all does no harm: ours keeps no key by its id.
    private static readonly RSA Shared = RSA.Create(2048);
    private readonly RSA rsa = Shared;

    private readonly ECDsa ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly RawUpstream server;
    private int asked;

    // The library keeps keys by their ids for the whole process.
    public string Curve { get; } = $"e{Guid.NewGuid():N}";

    public TokenMint()
    {
        server = new RawUpstream(Serve);
        Issuer = server.Address.GetLeftPart(UriPartial.Authority);
    }

    public string Issuer { get; }

    public string? OtherIssuer { get; set; }

    public int SessionStatus { get; set; } = 204;

    /// <summary>Requests for keys, discovery and sessions.</summary>
    public int Asked => asked;

    public byte[] PublicKey => rsa.ExportSubjectPublicKeyInfo();

    private string DiscoveredIssuer => OtherIssuer ?? Issuer;

    private string Keys
    {
        get
        {
            var (n, e) = (rsa.ExportParameters(false).Modulus!, rsa.ExportParameters(false).Exponent!);
            var q = ec.ExportParameters(false).Q;
            return $$"""
                {"keys":[{"kty":"RSA","kid":"r1","n":"{{Text(n)}}","e":"{{Text(e)}}","x5t":"abc"},
                {"kty":"EC","kid":"{{Curve}}","alg":"ES256","use":"sig","crv":"P-256",
                "x":"{{Text(q.X!)}}","y":"{{Text(q.Y!)}}"},
                {"kty":"RSA","kid":"enc","use":"enc","n":"{{Text(n)}}","e":"{{Text(e)}}"},
                {"kty":"oct","kid":"o1","k":"c2VjcmV0"}]}
                """;
        }
    }

    public JsonObject Claims(params (string Name, JsonNode? Value)[] changes)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        return Changed(new JsonObject
        {
            ["iss"] = Issuer,
            ["aud"] = new JsonArray("other", "api"),
            ["sub"] = "auth0|42",
            ["iat"] = now,
            ["exp"] = now + 300,
            ["roles"] = new JsonArray("staff"),
            ["scope"] = "orders:read orders:write",
        }, changes);
    }

    /// <summary>As Gatehouse's own identity service makes them.</summary>
    public JsonObject OwnClaims(string role, Guid user, params (string Name, JsonNode? Value)[] changes) =>
        Changed(Claims(
            ("iss", "gatehouse"), ("aud", "gatehouse"), ("sub", user.ToString("D")), ("role", role),
            ("sid", Guid.CreateVersion7().ToString("D")), ("jti", Guid.CreateVersion7().ToString("D")),
            ("roles", null), ("scope", null)), changes);

    public string Own(string role, Guid? user = null) =>
        SignEc(HeaderOf("ES256", Curve, ("typ", "at+jwt")), OwnClaims(role, user ?? Guid.CreateVersion7()));

    public static JsonObject HeaderOf(string alg, string kid, params (string Name, JsonNode? Value)[] changes) =>
        Changed(new JsonObject { ["alg"] = alg, ["kid"] = kid }, changes);

    public string Sign(JsonObject claims) => SignRsa(HeaderOf("RS256", "r1"), claims.ToJsonString());

    public string SignRsa(JsonObject header, string claims, RSASignaturePadding? padding = null) =>
        Sign(header, claims, b => rsa.SignData(b, HashAlgorithmName.SHA256, padding ?? RSASignaturePadding.Pkcs1));

    public string SignEc(JsonObject header, JsonObject claims) =>
        Sign(header, claims.ToJsonString(), bytes => ec.SignData(bytes, HashAlgorithmName.SHA256));

    public string SignDer(JsonObject header, JsonObject claims) => Sign(header, claims.ToJsonString(), bytes =>
        ec.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

    public static string Sign(JsonObject header, string claims, Func<byte[], byte[]> signature)
    {
        var text = $"{Text(Encoding.UTF8.GetBytes(header.ToJsonString()))}.{Text(Encoding.UTF8.GetBytes(claims))}";
        return $"{text}.{Text(signature(Encoding.ASCII.GetBytes(text)))}";
    }

    public void Stop() => server.Stop();

    private async Task Serve(RawConnection connection)
    {
        while (await connection.ReadRequest() is { } request)
        {
            Interlocked.Increment(ref asked);
            var body = request.Line.Contains("openid", StringComparison.Ordinal)
                ? $$"""{"issuer":"{{DiscoveredIssuer}}","jwks_uri":"{{Issuer}}/keys"}"""
                : Keys;
            await connection.Write(request.Line.Contains("/auth/session", StringComparison.Ordinal)
                ? $"HTTP/1.1 {SessionStatus} A\r\nContent-Length: 0\r\n\r\n"
                : $"HTTP/1.1 200 OK\r\nCache-Control: max-age=0\r\nContent-Type: application/json\r\n" +
                    $"Content-Length: {body.Length}\r\n\r\n{body}");
        }
    }

    public void Dispose()
    {
        server.Dispose();
        ec.Dispose();
    }

    private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);

    private static JsonObject Changed(JsonObject of, (string Name, JsonNode? Value)[] changes)
    {
        foreach (var (name, value) in changes)
        {
            of.Remove(name);
            if (value is not null)
            {
                of[name] = value;
            }
        }

        return of;
    }
}
