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

    [Setting("Minutes an access token lives; for so long it outlives a logout.", Min = 5, Max = 15)]
    public int AccessTokenMinutes { get; set; } = 10;

    [Setting("How access tokens are signed; the same for every instance. Another one takes its turn as a new key does.")]
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

        if (SessionIdleDays > SessionDays)
        {
            yield return (nameof(SessionIdleDays), "must not exceed SessionDays");
        }
    }
}
