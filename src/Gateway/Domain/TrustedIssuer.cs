namespace Gatehouse.Gateway.Domain;

/// <summary>Somebody else whose tokens are believed.</summary>
internal sealed record TrustedIssuer
{
    /// <summary>What upstreams see as the issuer of Gatehouse's own tokens.</summary>
    public const string OwnId = "gatehouse";

    public static readonly IReadOnlyList<string> AlgorithmsUsual = ["RS256", "ES256"];

    public required string Id { get; init; }

    /// <summary>The <c>iss</c> of its tokens, to the letter.</summary>
    public required string Issuer { get; init; }

    /// <summary>Where its keys are; null: its discovery document says.</summary>
    public Uri? Keys { get; init; }

    /// <summary>One of them is in the <c>aud</c> of each token.</summary>
    public required IReadOnlyList<string> Audiences { get; init; }

    public IReadOnlyList<string> Algorithms { get; init; } = AlgorithmsUsual;

    /// <summary>A member of the claims, or the way to one within others: <c>realm_access.roles</c>.</summary>
    public string RolesClaim { get; init; } = "roles";

    public string ScopesClaim { get; init; } = "scope";

    /// <summary>How far clocks may differ.</summary>
    public TimeSpan Leeway { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Where the keys are, or where it says where they are.</summary>
    public Uri Address => Keys ?? new Uri($"{Issuer.TrimEnd('/')}/.well-known/openid-configuration");

    /// <summary>The same for two that say the same, whatever file they are of. None of their texts has
    /// control characters.</summary>
    public string Fingerprint => string.Join(
        '\n', Id, Issuer, Keys, string.Join('\t', Audiences), string.Join('\t', Algorithms), RolesClaim, ScopesClaim,
        Leeway);
}
