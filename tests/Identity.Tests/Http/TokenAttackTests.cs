using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Data;
using Gatehouse.Identity.Services;
using Microsoft.IdentityModel.Tokens;

namespace Gatehouse.Identity.Tests.Http;

/// <summary>
/// What a reviewer tries first. Each token here is refused with 401 <c>invalid_token</c> and no hint why.
/// </summary>
public sealed class TokenAttackTests : IAsyncLifetime
{
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;
    private TestIdentity identity = null!;
    private TokenKey key = null!;
    private ECDsa signer = null!;
    private string good = "";

    public async ValueTask InitializeAsync()
    {
        identity = await TestIdentity.Start(DatabaseProvider.Sqlite);
        await identity.AddAccount("ada@example.org");
        good = (await identity.Login("ada@example.org")).AccessToken;
        key = (await identity.Get<ITokenKeys>().Published(cancellation)).Keys[0];
        signer = ((ECDsaSecurityKey)(await identity.Get<SigningKeyService>().Signer(cancellation)).Key).ECDsa;
    }

    public async ValueTask DisposeAsync() => await identity.DisposeAsync();

    [Fact]
    public async Task What_the_forger_of_these_tests_signs_rightly_is_accepted()
    {
        Assert.Equal(HttpStatusCode.OK, (await identity.GetWith("/auth/me", good)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await identity.GetWith("/auth/me", Signed(Header(), Claims()))).StatusCode);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("nOnE")]
    public async Task No_algorithm_is_no_signature(string algorithm)
    {
        await Refused(Part(Header(("alg", algorithm))) + "." + Part(Claims()) + ".");
        await Refused(Part(Header(("alg", algorithm))) + "." + Part(Claims()) + "." + good.Split('.')[2]);
    }

    [Fact]
    public async Task The_public_key_is_no_secret_for_hs256()
    {
        var text = Part(Header(("alg", "HS256"))) + "." + Part(Claims());
        foreach (var secret in new[]
        {
            signer.ExportSubjectPublicKeyInfo(),
            Encoding.ASCII.GetBytes(signer.ExportSubjectPublicKeyInfoPem()),
            Encoding.ASCII.GetBytes(JsonSerializer.Serialize(key, IdentityJson.Default.Options)),
        })
        {
            var signed = Encoding.ASCII.GetBytes(text);
            await Refused(text + "." + Base64Url.EncodeToString(HMACSHA256.HashData(secret, signed)));
            await Refused(text + "." + Base64Url.EncodeToString(HMACSHA512.HashData(secret, signed)));
        }
    }

    [Theory]
    [InlineData("iss", "elsewhere")]
    [InlineData("aud", "journal")]
    [InlineData("sub", "no id")]
    [InlineData("sid", "no id")]
    [InlineData("role", "root")]
    [InlineData("iss", null)]
    [InlineData("aud", null)]
    [InlineData("exp", null)]
    [InlineData("sub", null)]
    [InlineData("role", null)]
    [InlineData("sid", null)]
    public async Task A_claim_that_is_wrong_or_missing_spoils_the_token(string name, string? value)
    {
        var claims = Claims();
        claims.Remove(name);
        if (value is not null)
        {
            claims[name] = value;
        }

        await Refused(Signed(Header(), claims));
    }

    [Theory]
    [InlineData("typ", "JWT")]
    [InlineData("typ", "rt+jwt")]
    [InlineData("alg", "ES384")]
    [InlineData("alg", "RS256")]
    [InlineData("kid", "../../dev/null")]
    [InlineData("kid", "' OR 1=1 --")]
    [InlineData("kid", "")]
    [InlineData("jku", "http://127.0.0.1:1/keys")]
    [InlineData("x5u", "http://127.0.0.1:1/keys")]
    [InlineData("jwk", "{}")]
    [InlineData("crit", "exp")]
    [InlineData("b64", "false")]
    [InlineData("zip", "DEF")]
    public async Task A_header_we_never_wrote_is_refused_though_the_signature_is_right(string name, string value) =>
        await Refused(Signed(Header((name, value)), Claims()));

    [Fact]
    public async Task A_member_given_twice_is_refused()
    {
        var header = $$"""{"alg":"ES256","alg":"ES256","kid":"{{key.Kid}}","typ":"at+jwt"}""";
        await Refused(Signed(header, Claims().ToJsonString()));
    }

    [Fact]
    public async Task A_key_of_ones_own_is_not_ours()
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await Refused(Signed(Header(), Claims(), own));
    }

    [Fact]
    public async Task A_token_lives_5_seconds_past_its_expiry_and_no_longer()
    {
        identity.Time.Advance(TimeSpan.FromSeconds(600 + 4));
        // Asked for the first time, and again from the cache.
        Assert.Equal(HttpStatusCode.OK, (await identity.GetWith("/auth/me", good)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await identity.GetWith("/auth/me", good)).StatusCode);

        identity.Time.Advance(TimeSpan.FromSeconds(2));
        await Refused(good);
    }

    [Fact]
    public async Task A_token_of_the_future_is_refused()
    {
        var now = identity.Time.GetUtcNow().ToUnixTimeSeconds();
        var claims = Claims();
        claims["nbf"] = now + 60;
        await Refused(Signed(Header(), claims));
        claims.Remove("nbf");
        claims["iat"] = now + 60;
        await Refused(Signed(Header(), claims));
    }

    [Fact]
    public async Task Every_changed_character_is_refused()
    {
        for (var i = 0; i < good.Length; i++)
        {
            var changed = good[i] == 'A' ? 'B' : 'A';
            await Refused(good[..i] + changed + good[(i + 1)..]);
        }
    }

    [Fact]
    public async Task The_last_character_has_one_spelling()
    {
        // 64 bytes end in a character of which 4 bits are ignored by a lenient decoder.
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        foreach (var last in alphabet.Where(c => c != good[^1]))
        {
            await Refused(good[..^1] + last);
        }

        await Refused(good + "=");
        await Refused(good + "==");
        await Refused(good + "A");
    }

    [Fact]
    public async Task Odd_shapes_are_refused()
    {
        var parts = good.Split('.');
        foreach (var odd in new[]
        {
            "", ".", "..", "...", "abc", parts[0], parts[0] + "." + parts[1], good + "." + parts[2], "." + good,
            $"{parts[0]}..{parts[2]}", $"{parts[0]}.{parts[1]}. {parts[2]}", good + good, new string('a', 9000),
            $"{parts[0]}.{parts[1]}.{Base64Url.EncodeToString(new byte[64])}",
            $"{Base64Url.EncodeToString("[]"u8)}.{parts[1]}.{parts[2]}",
            $"{Base64Url.EncodeToString("{}"u8)}.{parts[1]}.{parts[2]}",
            $"{Base64Url.EncodeToString("""{"alg":1,"kid":{},"typ":null}"""u8)}.{parts[1]}.{parts[2]}",
            $"{Base64Url.EncodeToString(new byte[] { 0xFF, 0xFE })}.{parts[1]}.{parts[2]}",
        })
        {
            await Refused(odd);
        }
    }

    [Fact]
    public async Task A_signature_in_der_is_refused()
    {
        var text = Part(Header()) + "." + Part(Claims());
        var der = signer.SignData(
            Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        await Refused(text + "." + Base64Url.EncodeToString(der));
    }

    private async Task Refused(string token)
    {
        var response = await identity.GetWith("/auth/me", token);
        Assert.True(response.StatusCode == HttpStatusCode.Unauthorized, $"{(int)response.StatusCode} for {token}");
        Assert.StartsWith("Bearer", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(cancellation);
        // "Bearer" with nothing behind it is no token.
        Assert.Equal(token.Length == 0 ? "unauthenticated" : "invalid_token", problem.GetProperty("code").GetString());
    }

    private JsonObject Header(params (string Name, string Value)[] changes)
    {
        var header = new JsonObject { ["alg"] = "ES256", ["kid"] = key.Kid, ["typ"] = "at+jwt" };
        foreach (var (name, value) in changes)
        {
            header[name] = value;
        }

        return header;
    }

    private JsonObject Claims() =>
        JsonNode.Parse(Base64Url.DecodeFromChars(good.Split('.')[1]))!.AsObject();

    private string Signed(JsonObject header, JsonObject claims, ECDsa? by = null) =>
        Signed(header.ToJsonString(), claims.ToJsonString(), by);

    private string Signed(string header, string claims, ECDsa? by = null)
    {
        var text = Part(header) + "." + Part(claims);
        var signature = (by ?? signer).SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256);
        return text + "." + Base64Url.EncodeToString(signature);
    }

    private static string Part(JsonObject json) => Part(json.ToJsonString());

    private static string Part(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
