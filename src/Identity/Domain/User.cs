using Gatehouse.Kernel;

namespace Gatehouse.Identity.Domain;

/// <summary>An account: an address, the hash of its password, one role.</summary>
internal sealed class User
{
    public const int NameCharactersMax = 100;

    private User(UserId id, string email, string? name, Role role, string passwordHash)
    {
        Id = id;
        Email = email;
        Name = name;
        Role = role;
        PasswordHash = passwordHash;
    }

    public UserId Id { get; }

    /// <summary>As <see cref="EmailAddress"/> spells it.</summary>
    public string Email { get; }

    public string? Name { get; }

    public Role Role { get; }

    /// <summary>Names its scheme, so that schemes may change while accounts stay.</summary>
    public string PasswordHash { get; }

    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>Who is disabled cannot sign in, and cannot be told from who does not exist.</summary>
    public DateTimeOffset? DisabledAt { get; private init; }

    public static User Register(
        EmailAddress email, string? name, Role role, string passwordHash, DateTimeOffset now) =>
        new(UserId.New(now), email.Text, name, role, passwordHash) { CreatedAt = now };

    public static User Of(
        UserId id,
        string email,
        string? name,
        Role role,
        string passwordHash,
        DateTimeOffset createdAt,
        DateTimeOffset? disabledAt) =>
        new(id, email, name, role, passwordHash) { CreatedAt = createdAt, DisabledAt = disabledAt };

    /// <summary>The name as it is kept, null where none is given.</summary>
    public static string? ParseName(string? text, Faults faults, string field = "name") =>
        string.IsNullOrWhiteSpace(text) ? null : faults.Text(field, text, 1, NameCharactersMax);
}
