using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Authentication;
using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Gatehouse.Identity.Services;

/// <summary>Makes access tokens: JWTs with <c>typ</c> <c>at+jwt</c>, as in RFC 9068.</summary>
internal sealed class AccessTokenService(
    SigningKeyService keys, IdentityOptions options, TokenOptions tokens, TimeProvider time)
{
    private const int IdBytes = 16;
    private static readonly Dictionary<string, object> Header = new() { ["typ"] = "at+jwt" };

    // The claims are ours to the last one; the library would add times of the system's clock.
    private readonly JsonWebTokenHandler handler = new() { SetDefaultTimesOnTokenCreation = false };

    public int LifeSeconds => options.AccessTokenMinutes * 60;

    public async ValueTask<string> Issue(User user, SessionId session, CancellationToken cancellation)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["iss"] = tokens.Issuer,
            ["aud"] = tokens.Audience,
            ["sub"] = user.Id.ToString(),
            ["role"] = user.Role.ToName(),
            ["sid"] = session.ToString(),
            ["iat"] = now,
            ["exp"] = now + LifeSeconds,
            ["jti"] = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdBytes)),
        };
        return handler.CreateToken(claims.ToJsonString(), await keys.Signer(cancellation), Header);
    }
}
