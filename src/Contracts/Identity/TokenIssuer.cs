using System.Text.Json.Serialization;

namespace Gatehouse.Contracts.Identity;

/// <summary>
/// The document at <c>/.well-known/openid-configuration</c>, as far as libraries that check access tokens read it.
/// Gatehouse is no OpenID provider: what it does not do is not in it.
/// </summary>
/// <param name="Issuer">The <c>iss</c> of its tokens.</param>
/// <param name="KeysUrl">Where its keys are.</param>
/// <param name="Algorithms">Of the keys that are published now.</param>
public sealed record TokenIssuer(
    [property: JsonPropertyName("issuer")] string Issuer,
    [property: JsonPropertyName("jwks_uri")] string KeysUrl,
    [property: JsonPropertyName("access_token_signing_alg_values_supported")] IReadOnlyList<string> Algorithms);
