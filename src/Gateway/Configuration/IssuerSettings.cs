using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Configuration;

/// <summary>What is said of an issuer, and the issuer that it makes.</summary>
internal static class IssuerSettings
{
    public const int IssuersMax = 20;

    public static readonly Key<string> Issuer =
        new("issuer", Kinds.Text("issuer", 500, c => c is > ' ' and <= '~'), "The `iss` of its tokens, to the letter.")
        {
            IsRequired = true,
            Example = "https://login.example.org",
        };

    public static readonly Key<Uri> Keys =
        new("jwks", AddressKinds.Address(), "Where its public keys are.")
        {
            Otherwise = "as `/.well-known/openid-configuration` below `issuer` says",
        };

    public static readonly Key<IReadOnlyList<string>> Audiences =
        new("audiences", new ListKind<string>(
            Kinds.Text("audience", 255, c => !char.IsControl(c)), 1, 20), "One of them is in `aud` of each token.")
        {
            IsRequired = true,
            Example = "[my-api]",
        };

    public static readonly Key<IReadOnlyList<string>> Algorithms =
        new("algorithms", new ListKind<string>(Kinds.Choice(
            [.. new[] { "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512" }
                .Select(name => (name, name))]), 1, 9), "That signatures may have, where the key has it too.")
        {
            Otherwise = "RS256, ES256",
        };

    public static readonly Key<string> RolesClaim =
        new("rolesClaim", ClaimPath(), "Where roles are: a list, or a text with spaces between.")
        {
            Otherwise = "roles",
        };

    public static readonly Key<string> ScopesClaim =
        new("scopesClaim", ClaimPath(), "The same of scopes.") { Otherwise = "scope" };

    public static readonly Key<TimeSpan> Leeway =
        new("leeway", Kinds.Duration("0s", "1m"), "How far its clock and ours may differ.") { Otherwise = "5s" };

    public static readonly ObjectKind Place = new(
        "issuer", "Somebody else whose tokens are believed. `a.b` is the member `b` of the claim `a`.",
        Issuer, Keys, Audiences, Algorithms, RolesClaim, ScopesClaim, Leeway);

    /// <param name="said">Without faults.</param>
    public static TrustedIssuer Bind(string id, Bound said)
    {
        var issuer = new TrustedIssuer
        {
            Id = id,
            Issuer = said.Find(Issuer)!,
            Keys = said.Find(Keys),
            Audiences = said.Find(Audiences)!,
        };
        return issuer with
        {
            Algorithms = said.Find(Algorithms) ?? issuer.Algorithms,
            RolesClaim = said.Find(RolesClaim) ?? issuer.RolesClaim,
            ScopesClaim = said.Find(ScopesClaim) ?? issuer.ScopesClaim,
            Leeway = said.Value(Leeway) ?? issuer.Leeway,
        };
    }

    private static Kind<string> ClaimPath() => Kinds.Text("claim", 200, c => c is > ' ' and <= '~');
}
