using Gatehouse.Kernel;

namespace Gatehouse.Identity.Domain;

/// <summary>An account: an address, the hash of its password, one role.</summary>
internal sealed record User
{
    public const int NameCharactersMax = 100;

    public required UserId Id { get; init; }

    /// <summary>As <see cref="EmailAddress"/> spells it.</summary>
    public required string Email { get; init; }

    public string? Name { get; init; }

    /// <summary>Tag of the language to write to them in, such as <c>en</c>.</summary>
    public string? Language { get; init; }

    /// <summary>Of the tz database, such as <c>Europe/Berlin</c>.</summary>
    public string? TimeZone { get; init; }

    public required Role Role { get; init; }

    /// <summary>Names its scheme, so that schemes may change while accounts stay.</summary>
    public required string PasswordHash { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its owner showed that the address is theirs.</summary>
    public DateTimeOffset? EmailVerifiedAt { get; init; }

    /// <summary>Who is disabled cannot sign in, and cannot be told from who does not exist.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    public static User Register(
        EmailAddress email, string? name, Role role, string passwordHash, DateTimeOffset now) =>
        new()
        {
            Id = UserId.New(now),
            Email = email.Text,
            Name = name,
            Role = role,
            PasswordHash = passwordHash,
            CreatedAt = now,
        };

    /// <summary>The name as it is kept, null where none is given.</summary>
    public static string? ParseName(string? text, Faults faults, string field = "name") =>
        string.IsNullOrWhiteSpace(text) ? null : faults.Text(field, text, 1, NameCharactersMax);

    // A record prints its members; hash and address must not reach a log that way.
    public override string ToString() => $"user {Id}";
}
