using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Gatehouse.Gateway.Domain;
using Gatehouse.Gateway.Tests.Forwarding;

namespace Gatehouse.Gateway.Tests.Policies;

/// <summary>Routes that ask for a token of somebody else.</summary>
public sealed class IssuerTests : IAsyncLifetime
{
    private static readonly long Now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    private readonly TokenMint mint = new();
    private readonly RawUpstream upstream = RawUpstream.Answering(Asking.Ok);
    private GatewayRig rig = null!;

    public async ValueTask InitializeAsync() => rig = await GatewayRig.Start(Route(Issuer));

    public async ValueTask DisposeAsync()
    {
        await rig.DisposeAsync();
        upstream.Dispose();
        mint.Dispose();
    }

    private TrustedIssuer Issuer => new() { Id = "corp", Issuer = mint.Issuer, Audiences = ["api"] };

    private Route Route(TrustedIssuer issuer, params string[] roles) =>
        Asking.Route(upstream) with { Auth = new RouteAuth { Issuer = issuer, Roles = roles } };

    [Fact]
    public async Task A_good_token_passes_by_keys_that_discovery_leads_to_and_is_verified_once()
    {
        var token = mint.Sign(mint.Claims());

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(200, (await rig.Get("/a", token.Bearer())).Status());
        }

        rig.Swap(Route(Issuer with { Audiences = ["api"] }));
        Assert.Equal(200, (await rig.Get("/a", token.Bearer())).Status());
        var sent = upstream.Requests.First();
        Assert.Equal(("corp", "auth0|42", "staff", "orders:read,orders:write"), (
            sent.Header("X-Gatehouse-Issuer"), sent.Header("X-Gatehouse-User"), sent.Header("X-Gatehouse-Roles"),
            sent.Header("X-Gatehouse-Scopes")));
        // Once the document and once the keys, also for the changed file, though the issuer forbids to keep them.
        Assert.Equal(2, mint.Asked);
    }

    public static TheoryData<string> Forgeries => [.. Forged.Keys];

    private static readonly Dictionary<string, Func<TokenMint, string>> Forged = new(StringComparer.Ordinal)
    {
        ["alg none"] = m => TokenMint.Sign(TokenMint.HeaderOf("none", "r1"), m.Claims().ToJsonString(), _ => []),
        ["alg nOnE signed"] = m => m.SignRsa(TokenMint.HeaderOf("nOnE", "r1"), m.Claims().ToJsonString()),
        ["HS256 with the public key"] = m => TokenMint.Sign(
            TokenMint.HeaderOf("HS256", "r1"), m.Claims().ToJsonString(),
            bytes => HMACSHA256.HashData(m.PublicKey, bytes)),
        ["HS256 with a published secret"] = m => TokenMint.Sign(
            TokenMint.HeaderOf("HS256", "o1"), m.Claims().ToJsonString(),
            bytes => HMACSHA256.HashData("secret"u8, bytes)),
        ["RS256 by the kid of the curve"] = m =>
            m.SignRsa(TokenMint.HeaderOf("RS256", m.Curve), m.Claims().ToJsonString()),
        ["ES256 by the kid of RSA"] = m => m.SignEc(TokenMint.HeaderOf("ES256", "r1"), m.Claims()),
        ["an algorithm not listed"] = m => m.SignRsa(
            TokenMint.HeaderOf("PS256", "r1"), m.Claims().ToJsonString(), RSASignaturePadding.Pss),
        ["a key for encryption"] = m => m.SignRsa(TokenMint.HeaderOf("RS256", "enc"), m.Claims().ToJsonString()),
        ["DER"] = m => m.SignDer(TokenMint.HeaderOf("ES256", m.Curve), m.Claims()),
        ["no kid"] = m => m.SignRsa(new JsonObject { ["alg"] = "RS256" }, m.Claims().ToJsonString()),
        ["an unknown kid"] = m => m.SignRsa(TokenMint.HeaderOf("RS256", "r2"), m.Claims().ToJsonString()),
        ["crit"] = m => m.SignRsa(
            TokenMint.HeaderOf("RS256", "r1", ("crit", new JsonArray("exp"))), m.Claims().ToJsonString()),
        ["jku"] = m => m.SignRsa(
            TokenMint.HeaderOf("RS256", "r1", ("jku", "http://127.0.0.1:1/")), m.Claims().ToJsonString()),
        ["a key in the header"] = m => m.SignRsa(
            TokenMint.HeaderOf("RS256", "r1", ("jwk", new JsonObject { ["kty"] = "RSA" })), m.Claims().ToJsonString()),
        ["a token for signing in"] = m => m.SignRsa(
            TokenMint.HeaderOf("RS256", "r1", ("typ", "id_token+jwt")), m.Claims().ToJsonString()),
        ["expired"] = m => m.Sign(m.Claims(("exp", Now - 30))),
        ["no expiry"] = m => m.Sign(m.Claims(("exp", null))),
        ["expiry in quotes"] = m => m.Sign(m.Claims(("exp", $"{Now + 100}"))),
        ["not yet"] = m => m.Sign(m.Claims(("nbf", Now + 60))),
        ["made tomorrow"] = m => m.Sign(m.Claims(("iat", Now + 86_400))),
        ["another issuer"] = m => m.Sign(m.Claims(("iss", m.Issuer + "/"))),
        ["another audience"] = m => m.Sign(m.Claims(("aud", "other"))),
        ["no audience"] = m => m.Sign(m.Claims(("aud", null))),
        ["nobody"] = m => m.Sign(m.Claims(("sub", null))),
        ["an endless name"] = m => m.Sign(m.Claims(("sub", new string('x', 300)))),
        ["a claim twice"] = m => m.SignRsa(
            TokenMint.HeaderOf("RS256", "r1"), m.Claims().ToJsonString()[..^1] + ",\"aud\":\"api\"}"),
        ["encrypted"] = m => m.Sign(m.Claims()) + ".e30.e30",
        ["one character changed"] = m => m.Sign(m.Claims()) is var t ? t[..^2] + (t[^2] == 'A' ? "B" : "A") + t[^1] : t,
        ["padding"] = m => m.Sign(m.Claims()) + "=",
        ["too long"] = m => m.Sign(m.Claims(("pad", new string('x', 20_000)))),
        ["nothing"] = _ => "",
        ["dots"] = _ => "..",
    };

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task A_token_that_is_not_good_passes_nowhere(string forgery)
    {
        var answer = await rig.Get("/a", Forged[forgery](mint).Bearer());

        Assert.Equal(401, answer.Status());
        Assert.StartsWith("Bearer", answer.Header("WWW-Authenticate"), StringComparison.Ordinal);
        Assert.Empty(upstream.Requests);
    }

    [Theory]
    [InlineData("bad\r\nX-Evil= 1")]
    [InlineData("a,b")]
    [InlineData("ü%\u0000\"")]
    public async Task A_claim_puts_nothing_into_the_head_of_a_request(string name)
    {
        await rig.Get("/a", mint.Sign(mint.Claims(("sub", name), ("roles", new JsonArray(name, "x")))).Bearer());

        var sent = Assert.Single(upstream.Requests);
        var escaped = Uri.EscapeDataString(name);
        Assert.Equal((escaped, $"{escaped},x"), (sent.Header("X-Gatehouse-User"), sent.Header("X-Gatehouse-Roles")));
        Assert.DoesNotContain("\r\nX-Evil", sent.Head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Roles_may_be_within_another_claim_and_more_than_fit_are_left_out()
    {
        rig.Swap(Route(Issuer with { RolesClaim = "realm_access.roles" }, "last"));
        var roles = new JsonArray(
            [.. Enumerable.Range(0, 150).Select(i => (JsonNode)$"{i}-{new string('r', 60)}"), "last"]);

        var passed = await rig.Get("/a", mint.Sign(
            mint.Claims(("roles", null), ("realm_access", new JsonObject { ["roles"] = roles }))).Bearer());
        var refused = await rig.Get("/a", mint.Sign(mint.Claims(("realm_access", "last"))).Bearer());

        Assert.Equal((200, 403), (passed.Status(), refused.Status()));
        Assert.InRange(Assert.Single(upstream.Requests).Header("X-Gatehouse-Roles")!.Length, 3_900, 4_100);
    }

    [Fact]
    public async Task Keys_that_are_there_are_kept_when_the_issuer_dies_and_unknown_ids_ask_once()
    {
        Assert.Equal(200, (await rig.Get("/a", mint.Sign(mint.Claims()).Bearer())).Status());
        var asked = mint.Asked;
        for (var i = 0; i < 5; i++)
        {
            var header = TokenMint.HeaderOf("RS256", $"made-up-{i}");
            await rig.Get("/a", mint.SignRsa(header, mint.Claims().ToJsonString()).Bearer());
        }

        mint.Stop();

        Assert.Equal(asked, mint.Asked);
        Assert.Equal(200, (await rig.Get("/a", mint.Sign(mint.Claims(("sub", "other"))).Bearer())).Status());
    }

    [Fact]
    public async Task A_discovery_document_of_another_is_not_believed()
    {
        mint.OtherIssuer = "https://evil.example";

        Assert.Equal(503, (await rig.Get("/a", mint.Sign(mint.Claims()).Bearer())).Status());
        rig.Swap(Route(Issuer with { Keys = new Uri($"{mint.Issuer}/keys") }));
        Assert.Equal(200, (await rig.Get("/a", mint.Sign(mint.Claims()).Bearer())).Status());
    }
}
