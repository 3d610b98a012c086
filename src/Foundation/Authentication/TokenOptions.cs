using Gatehouse.Foundation.Configuration;

namespace Gatehouse.Foundation.Authentication;

/// <summary>Access tokens: what who makes them and who checks them must agree on.</summary>
[Section("Tokens")]
public sealed class TokenOptions : IValidatedOptions, IRelatedOptions
{
    private const string IdentityName = "identity";
    private const string GatewayName = "gateway";

    [Setting("Who makes access tokens: the `iss` in them.")]
    public string Issuer { get; set; } = "gatehouse";

    [Setting("Whom access tokens are for: the `aud` in them.")]
    public string Audience { get; set; } = "gatehouse";

    [Setting("Where a process without the identity module asks for the public keys and whether a session goes on: " +
             "`http://identity:8080`. A gateway alone needs it when a route or its administration asks for tokens.")]
    public string? IdentityUrl { get; set; }

    public IEnumerable<(string Property, string Reason)> Validate(Settings settings)
    {
        if (IdentityUrl is null && settings.IsSound<RuntimeOptions>() &&
            settings.Get<RuntimeOptions>() is var runtime && !runtime.Serves(IdentityName) && !IsGateway(runtime))
        {
            yield return (nameof(IdentityUrl), "is required where the identity module is not served");
        }
    }

    /// <summary>Tokens can be checked here: the keys are, or it is known where they are.</summary>
    public bool CanCheck(RuntimeOptions runtime) => IdentityUrl is not null || runtime.Serves(IdentityName);

    // It asks for tokens where its file says so, and sees to it itself.
    private static bool IsGateway(RuntimeOptions runtime) =>
        runtime.Modules.All(module => module.Equals(GatewayName, StringComparison.OrdinalIgnoreCase));

    public IEnumerable<(string Property, string Reason)> Validate(RuntimeEnvironment environment)
    {
        if (string.IsNullOrWhiteSpace(Issuer))
        {
            yield return (nameof(Issuer), "must not be empty");
        }

        if (string.IsNullOrWhiteSpace(Audience))
        {
            yield return (nameof(Audience), "must not be empty");
        }

        if (IdentityUrl is not null &&
            !(Uri.TryCreate(IdentityUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" &&
                url is { Query: "", Fragment: "", UserInfo: "" }))
        {
            yield return (nameof(IdentityUrl), "must be an address such as http://identity:8080");
        }
    }
}
