using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Gatehouse.Contracts.Identity;
using Gatehouse.Kernel;

namespace Gatehouse.Bench.Gateway;

/// <summary>An issuer that both sides of the bench know, made anew from one seed in each process.</summary>
internal sealed class BenchTokens : ITokenKeys, ISessionChecks
{
    private const string KeyId = "bench";

    // The key of a bench is nobody's secret: one that any process of it can make.
    private static readonly ECDsa Key = ECDsa.Create(new ECParameters
    {
        Curve = ECCurve.NamedCurves.nistP256,
        D = [.. Enumerable.Range(1, 32).Select(i => (byte)i)],
    });

    private readonly TokenKey published = new(KeyId, "EC", "ES256")
    {
        Crv = "P-256",
        X = Base64Url.EncodeToString(Key.ExportParameters(false).Q.X!),
        Y = Base64Url.EncodeToString(Key.ExportParameters(false).Q.Y!),
    };

    public static string Make()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var claims =
            $$"""
            {"iss":"gatehouse","aud":"gatehouse","sub":"{{Guid.CreateVersion7()}}","sid":"{{Guid.CreateVersion7()}}",
            "role":"user","jti":"1","iat":{{now}},"exp":{{now + 86_400}}}
            """;
        var text = $"{Encode($$"""{"alg":"ES256","kid":"{{KeyId}}","typ":"at+jwt"}""")}.{Encode(claims)}";
        var signature = Key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256);
        return $"{text}.{Base64Url.EncodeToString(signature)}";
    }

    public ValueTask<TokenKey?> Find(string kid, CancellationToken cancellation) =>
        ValueTask.FromResult(kid == KeyId ? published : null);

    public ValueTask<TokenKeySet> Published(CancellationToken cancellation) =>
        ValueTask.FromResult(new TokenKeySet([published]));

    public ValueTask<bool> IsGood(
        Caller caller, string accessToken, bool atOnce, CancellationToken cancellation) => ValueTask.FromResult(true);

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
