using Gatehouse.Foundation.Configuration;

namespace Gatehouse.Foundation.Authentication;

/// <summary>Access tokens: what who makes them and who checks them must agree on.</summary>
[Section("Tokens")]
public sealed class TokenOptions : IValidatedOptions, IRelatedOptions
{
    private const string KeysModule = "identity";

    [Setting("Who makes access tokens: the `iss` in them.")]
    public string Issuer { get; set; } = "gatehouse";

    [Setting("Whom access tokens are for: the `aud` in them.")]
    public string Audience { get; set; } = "gatehouse";

    [Setting("Where a process without the identity module finds the public keys: " +
             "`http://identity:8080/.well-known/jwks.json`.")]
    public string? KeysUrl { get; set; }

    public IEnumerable<(string Property, string Reason)> Validate(Settings settings)
    {
        if (KeysUrl is null && settings.IsSound<RuntimeOptions>() &&
            !settings.Get<RuntimeOptions>().Serves(KeysModule))
        {
            yield return (nameof(KeysUrl), "is required where the identity module is not served");
        }
    }

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

        if (KeysUrl is not null &&
            !(Uri.TryCreate(KeysUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
        {
            yield return (nameof(KeysUrl), "must be an address such as http://identity:8080/.well-known/jwks.json");
        }
    }
}
