using Gatehouse.Foundation.Audit;
using Gatehouse.Foundation.Data;
using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Sql;

/// <summary>
/// Ends sessions in the transaction of what ends them: a new password, a disabled account, its owner's wish. Their
/// refresh tokens are dead with the commit; call <see cref="Services.SessionCache"/> after it for their access tokens.
/// </summary>
internal static class SessionEnding
{
    /// <returns>How many went on until now.</returns>
    public static Task<int> EndSessions(
        this UnitOfWork unit, UserId user, SessionId? except, SessionEnd reason, DateTimeOffset now) =>
        unit.Execute(Sql.EndOfUser, new
        {
            userId = user.Value,
            except = except?.Value ?? Guid.Empty,
            reason = reason.ToName(),
            now,
        });

    public static AuditFact Fact(SessionId session, SessionEnd reason) => new("session.ended", $"session/{session}")
    {
        After = $$"""{"reason":"{{reason.ToName()}}"}""",
    };

    private static class Sql
    {
        public const string EndOfUser =
            """
            UPDATE sessions
            SET ended_at = @now, end_reason = @reason
            WHERE user_id = @userId AND id <> @except AND ended_at IS NULL
            """;
    }
}
