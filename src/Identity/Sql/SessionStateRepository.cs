using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Data;
using Gatehouse.Identity.Domain;
using Gatehouse.Identity.Services;
using Gatehouse.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Sql;

internal sealed class SessionStateRepository([FromKeyedServices(IdentityModule.Key)] Database database)
    : ISessionStateRepository
{
    public async Task<SessionState> Of(
        SessionId session, SessionLimits limits, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var reading = await database.Read(cancellation);
        var row = await reading.QueryFirst<StateRow>(
            Sql.GoingOn, new { id = session.Value, now, idleSince = now - limits.Idle });
        return row is null ? SessionState.Over : new SessionState(row.UserId, RoleNames.Parse(row.Role));
    }

    private sealed class StateRow
    {
        public Guid UserId { get; init; }

        public string Role { get; init; } = "";
    }

    private static class Sql
    {
        public const string GoingOn =
            """
            SELECT s.user_id, u.role
            FROM sessions s
            JOIN users u ON u.id = s.user_id
            WHERE s.id = @id
                AND s.ended_at IS NULL
                AND s.expires_at > @now
                AND s.refreshed_at > @idleSince
                AND u.disabled_at IS NULL
            """;
    }
}
