using Gatehouse.Foundation.Configuration;
using Gatehouse.Identity.Domain;

namespace Gatehouse.Identity;

/// <summary>Accounts, passwords and sessions.</summary>
[Section("Identity")]
internal sealed class IdentityOptions : IValidatedOptions
{
    private const int BcryptCostMinInProduction = 10;

    [Setting("Cost of bcrypt: each step doubles the work (12 takes about 0.25 s of a core). A login re-hashes what " +
             "is weaker. Production asks for 10 at least.", Min = 4, Max = 16)]
    public int BcryptCost { get; set; } = 12;

    [Setting("Passwords that may wait to be hashed beyond one a core; past it the answer is 503.",
        Min = 1, Max = 10_000)]
    public int HashQueue { get; set; } = 20;

    [Setting("Characters a new password must have.", Min = 8, Max = 64)]
    public int PasswordMin { get; set; } = 8;

    [Setting(
        "Folder with lists of breached passwords: files *.txt of lines SHA-1:count ordered by hash, as " +
        "haveibeenpwned.com publishes them. A password that is in one is refused.")]
    public string? BreachListFolder { get; set; }

    [Setting("Whether an account signs in only once its address was shown to be its owner's, by a mailed link.")]
    public bool RequireVerifiedEmail { get; set; }

    [Setting("Registrations an hour from one address (IPv6: one /64).", Min = 1, Max = 1_000_000)]
    public int RegistrationsPerHour { get; set; } = 60;

    [Setting(
        "Times an hour that one address (IPv6: one /64) may ask for mailed links, or use one.",
        Min = 1, Max = 1_000_000)]
    public int LinksPerHour { get; set; } = 60;

    [Setting(
        "Times an hour that one e-mail address may be registered, or be asked a link of one purpose for, by whomever.",
        Min = 1, Max = 1_000)]
    public int MailsPerHour { get; set; } = 5;

    [Setting("Minutes an access token lives, unless its session ends before.", Min = 5, Max = 15)]
    public int AccessTokenMinutes { get; set; } = 10;

    [Setting("How the next signing key signs access tokens; the same for every instance.")]
    public SigningAlgorithm SigningAlgorithm { get; set; } = SigningAlgorithm.Es256;

    [Setting("Days after which another key signs access tokens.", Min = 1, Max = 3650)]
    public int KeyRotationDays { get; set; } = 90;

    [Setting("Seconds that others may remember the published keys; a new one is published twice as long before it " +
             "signs.", Min = 2, Max = 86_400)]
    public int KeysMaxAgeSeconds { get; set; } = 300;

    [Setting("Days after which a session that was not refreshed ends.", Min = 1, Max = 365)]
    public int SessionIdleDays { get; set; } = 30;

    [Setting("Days after which a session ends in any case.", Min = 1, Max = 365)]
    public int SessionDays { get; set; } = 90;

    [Setting("What authenticator apps show beside the address of an account.")]
    public string AuthenticatorName { get; set; } = "Gatehouse";

    [Setting("Sessions of one account; of more, those not used for longest end.", Min = 1, Max = 100)]
    public int SessionsMax { get; set; } = 100;

    [Setting("Minutes in which wrong passwords are counted, from the first.", Min = 1, Max = 1440)]
    public int GuessMinutes { get; set; } = 15;

    [Setting("Wrong passwords from one address (IPv6: one /64), whoever's.", Min = 1, Max = 10_000)]
    public int GuessesPerAddress { get; set; } = 10;

    [Setting("Wrong passwords for one e-mail address, wherever from; the same again for showing it anew within a " +
             "session.", Min = 1, Max = 10_000)]
    public int GuessesPerEmail { get; set; } = 5;

    [Setting("Wrong passwords from one device on which the account signed in before, beside the other two.",
        Min = 1, Max = 10_000)]
    public int GuessesPerDevice { get; set; } = 10;

    [Setting("Refreshes a minute from one address (IPv6: one /64).", Min = 1, Max = 1_000_000)]
    public int RefreshPerMinute { get; set; } = 600;

    [Setting("Refreshes an hour of one session; several of one token at once are one.", Min = 6, Max = 1_000_000)]
    public int RefreshPerSessionHour { get; set; } = 60;

    [Setting("Origins of our own pages, such as https://tickets.example.org, beside the one that requests are sent " +
             "to: where a proxy in front changes Host, for browsers too old for Sec-Fetch-Site.")]
    public IReadOnlyList<string> Origins { get; set; } = [];

    public SessionLimits SessionLimits => new(TimeSpan.FromDays(SessionIdleDays), TimeSpan.FromDays(SessionDays));

    public IEnumerable<(string Property, string Reason)> Validate(RuntimeEnvironment environment)
    {
        if (environment == RuntimeEnvironment.Production && BcryptCost < BcryptCostMinInProduction)
        {
            yield return (nameof(BcryptCost), $"must be at least {BcryptCostMinInProduction} in production");
        }

        if (string.IsNullOrWhiteSpace(AuthenticatorName) || AuthenticatorName.Contains(':', StringComparison.Ordinal))
        {
            yield return (nameof(AuthenticatorName), "must be a name without a colon");
        }

        foreach (var origin in Origins.Where(o => !IsOrigin(o)))
        {
            yield return (nameof(Origins), $"'{origin}' is no origin such as https://tickets.example.org");
        }

        if (SessionIdleDays > SessionDays)
        {
            yield return (nameof(SessionIdleDays), "must not exceed SessionDays");
        }
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" &&
        uri.GetLeftPart(UriPartial.Authority).Equals(text, StringComparison.OrdinalIgnoreCase);
}
