using Gatehouse.Foundation.Data;
using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Sql;

/// <summary>Mailed links, written and killed in the transaction of what makes them or makes them pointless.</summary>
internal static class AccountLinks
{
    public static Task Keep(this UnitOfWork unit, AccountLink link) => unit.Execute(Sql.Insert, new
    {
        hash = link.Token.Hash,
        userId = link.User.Value,
        purpose = link.Purpose.ToName(),
        email = link.Email,
        now = link.CreatedAt,
        expiresAt = link.ExpiresAt,
        session = link.Session?.Value,
    });

    public static Task KillLinks(this UnitOfWork unit, UserId user, LinkPurpose purpose, DateTimeOffset now) =>
        unit.Execute(Sql.Kill, new { userId = user.Value, purpose = purpose.ToName(), now });

    public static async Task KillLinks(this UnitOfWork unit, UserId user, DateTimeOffset now)
    {
        foreach (var purpose in Enum.GetValues<LinkPurpose>())
        {
            await unit.KillLinks(user, purpose, now);
        }
    }

    private static class Sql
    {
        public const string Insert =
            """
            INSERT INTO account_links (hash, user_id, purpose, email, created_at, expires_at, session_id)
            VALUES (@hash, @userId, @purpose, @email, @now, @expiresAt, @session)
            """;

        public const string Kill =
            """
            UPDATE account_links
            SET used_at = @now
            WHERE user_id = @userId AND purpose = @purpose AND used_at IS NULL
            """;
    }
}
