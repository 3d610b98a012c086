using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Data;
using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Sql;

internal sealed class UserRow
{
    public Guid Id { get; init; }

    public string Email { get; init; } = "";

    public string? Name { get; init; }

    public string? Language { get; init; }

    public string? TimeZone { get; init; }

    public string Role { get; init; } = "";

    public string PasswordHash { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? EmailVerifiedAt { get; init; }

    public DateTimeOffset? DisabledAt { get; init; }

    public User ToDomain() => new()
    {
        Id = new UserId(Id),
        Email = Email,
        Name = Name,
        Language = Language,
        TimeZone = TimeZone,
        Role = RoleNames.Parse(Role),
        PasswordHash = PasswordHash,
        CreatedAt = CreatedAt,
        EmailVerifiedAt = EmailVerifiedAt,
        DisabledAt = DisabledAt,
    };
}

internal static class HeldUsers
{
    /// <summary>
    /// The account as it is, and as it stays until this is committed; null when there is none or it is disabled. Taken
    /// before the account's links and sessions in every transaction that takes both, so that none waits in a circle.
    /// </summary>
    public static async Task<User?> Hold(this UnitOfWork unit, UserId user) =>
        (await unit.QueryFirst<UserRow>(Sql.Hold, new { id = user.Value }))?.ToDomain();

    private static class Sql
    {
        public const string Hold =
            """
            UPDATE users
            SET disabled_at = disabled_at
            WHERE id = @id AND disabled_at IS NULL
            RETURNING id, email, name, language, time_zone, role, password_hash, created_at, email_verified_at,
                disabled_at
            """;
    }
}
