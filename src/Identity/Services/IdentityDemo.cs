using Gatehouse.Foundation.Modules;
using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Services;

/// <summary>
/// An account of each kind for the demo. They share a password, so that it is hashed once and the start stays fast.
/// </summary>
internal sealed class IdentityDemo(IUserRepository users, PasswordService passwords, TimeProvider time) : IDemoData
{
    public const string SharedPassword = "gatehouse-demo";

    private static readonly (string Email, string Name, Role Role)[] Accounts =
    [
        ("admin@example.org", "Admin", Role.Admin),
        ("organizer@example.org", "Organizer", Role.Organizer),
        ("buyer@example.org", "Buyer", Role.User),
        ("buyer2@example.org", "Second buyer", Role.User),
    ];

    public int Order => 10;

    public async Task<bool> Seed(CancellationToken cancellation)
    {
        if (await users.Any(cancellation))
        {
            return false;
        }

        var faults = new Faults();
        var hash = await passwords.Hash(Password.Choose(SharedPassword, 1, faults)!, cancellation);
        foreach (var (email, name, role) in Accounts)
        {
            var user = User.Register(EmailAddress.Parse(email, faults)!, name, role, hash.Value, time.Now());
            await users.Add(user with { EmailVerifiedAt = user.CreatedAt }, verification: null, cancellation);
        }

        return true;
    }
}
