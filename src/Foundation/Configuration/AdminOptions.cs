namespace Gatehouse.Foundation.Configuration;

/// <summary>The first administrator, made at start when no account has the address.</summary>
[Section("Admin")]
public sealed class AdminOptions : IValidatedOptions
{
    [Setting("E-mail address of the first administrator; needs the password as well.")]
    public string? Email { get; set; }

    [Setting("Password of the first administrator; used once, when the account is made.", Secret = true)]
    public string? Password { get; set; }

    public IEnumerable<(string Property, string Reason)> Validate(RuntimeEnvironment environment)
    {
        if (Email is null && Password is not null)
        {
            yield return (nameof(Email), "is required when the administrator's password is given");
        }

        if (Email is not null && Password is null)
        {
            yield return (nameof(Password), "is required when the administrator's address is given");
        }
    }
}
