using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gatehouse.Foundation.Data;
using Gatehouse.Testing;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>Access tokens that are not ours, not any more, or not quite.</summary>
public sealed class BadTokenTests(Installations installations)
{
    [OnEveryDatabase]
    public async Task A_token_that_is_not_good_opens_nothing_and_learns_nothing(DatabaseProvider provider)
    {
        var installation = await installations.On(provider);
        using var forge = await TokenForge.Of(installation, (await installation.Buyer()).Token!);
        // The forge works: the same claims, signed again, are good.
        (await Me(installation, forge.Sign(forge.Header, forge.Claims()))).Is(200);

        var said = new HashSet<string>();
        foreach (var (what, token) in Forgeries(forge))
        {
            var answer = await Me(installation, token);
            Assert.True(answer.Status == 401, $"{what}: {answer}");
            answer.IsProblem(401, "invalid_token");
            Assert.StartsWith("Bearer error=\"invalid_token\"", answer.Header("WWW-Authenticate"),
                StringComparison.Ordinal);
            said.Add(answer.WithoutIds());
        }

        Assert.Single(said);
    }

    [OnEveryDatabase]
    public async Task Without_a_bearer_token_the_caller_is_asked_to_sign_in(DatabaseProvider provider)
    {
        var installation = await installations.On(provider);
        foreach (var authorization in new[] { "Basic dXNlcjpwYXNzd29yZA==", "Bearer", "", "bearer" })
        {
            var answer = await installation.Anyone.Get("/auth/me", ("Authorization", authorization));
            answer.IsProblem(401, "unauthenticated");
            Assert.Equal("Bearer", answer.Header("WWW-Authenticate"));
        }

        // A token in the address would end up in logs and histories: it is not read there.
        var genuine = (await installation.Buyer()).Token!;
        (await installation.Anyone.Get($"/auth/me?access_token={genuine}")).IsProblem(401, "unauthenticated");
    }

    private static IEnumerable<(string What, string Token)> Forgeries(TokenForge forge)
    {
        var (header, claims) = (forge.Header, forge.Claims());
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var parts = forge.Genuine.Split('.');
        using var foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] Hmac(byte[] key, byte[] text) => HMACSHA256.HashData(key, text);

        yield return ("expired", forge.Sign(header, forge.Claims(("exp", now - 60), ("iat", now - 600))));
        yield return ("without expiry", forge.Sign(header, forge.Claims(("exp", null))));
        yield return ("of the future", forge.Sign(header, forge.Claims(("iat", now + 600))));
        yield return ("not yet good", forge.Sign(header, forge.Claims(("nbf", now + 600))));
        yield return ("for another audience", forge.Sign(header, forge.Claims(("aud", "elsewhere"))));
        yield return ("by another issuer", forge.Sign(header, forge.Claims(("iss", "elsewhere"))));
        yield return ("of an unknown role", forge.Sign(header, forge.Claims(("role", "root"))));
        yield return ("of no user", forge.Sign(header, forge.Claims(("sub", "1"))));
        yield return ("of another type", forge.Sign(forge.HeaderWith(("typ", "JWT")), claims));
        yield return ("of an unknown key", forge.Sign(forge.HeaderWith(("kid", "nobody")), claims));
        yield return ("with a key of its own",
            forge.Sign(forge.HeaderWith(("jwk", new JsonObject { ["kty"] = "EC" })), claims));
        yield return ("with a critical extension",
            forge.Sign(forge.HeaderWith(("crit", new JsonArray("exp"))), claims));
        yield return ("by a foreign key", TokenForge.Sign(header, claims, text =>
            foreign.SignData(text, HashAlgorithmName.SHA256)));
        yield return ("alg none", TokenForge.Sign(forge.HeaderWith(("alg", "none")), claims, _ => []));
        yield return ("alg None", TokenForge.Sign(forge.HeaderWith(("alg", "None")), claims, _ => []));
        yield return ("alg none with a signature", forge.Sign(forge.HeaderWith(("alg", "none")), claims));
        yield return ("HS256 with the public key",
            TokenForge.Sign(forge.HeaderWith(("alg", "HS256")), claims, text => Hmac(forge.PublicKeyInfo, text)));
        yield return ("HS256 with the public key as PEM",
            TokenForge.Sign(forge.HeaderWith(("alg", "HS256")), claims, text =>
                Hmac(Encoding.ASCII.GetBytes(forge.PublicKeyPem), text)));
        yield return ("HS512", TokenForge.Sign(forge.HeaderWith(("alg", "HS512")), claims, text =>
            HMACSHA512.HashData(forge.PublicKeyInfo, text)));
        yield return ("ES384 in the header", forge.Sign(forge.HeaderWith(("alg", "ES384")), claims));
        yield return ("signature as DER", TokenForge.Sign(header, claims, forge.SignDer));
        yield return ("signature of zeros", TokenForge.Sign(header, claims, _ => new byte[64]));
        yield return ("raised role",
            $"{parts[0]}.{TokenForge.Encode(forge.Claims(("role", "admin")).ToJsonString())}.{parts[2]}");
        yield return ("cut", forge.Genuine[..^4]);
        yield return ("lengthened", forge.Genuine + "A");
        yield return ("padded", forge.Genuine + "==");
        yield return ("two parts", $"{parts[0]}.{parts[1]}");
        yield return ("five parts", $"{parts[0]}..{parts[1]}.{parts[2]}.{parts[0]}");
        yield return ("no token", "nonsense");
        yield return ("only dots", "..");
        yield return ("a refresh token", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        yield return ("huge", forge.Sign(header, forge.Claims(("more", new string('a', 10_000)))));
    }

    private static Task<Answer> Me(Installation installation, string token) =>
        (installation.Anyone with { Token = token }).Get("/auth/me");
}
