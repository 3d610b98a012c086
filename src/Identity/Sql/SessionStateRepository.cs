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
    public async Task<Role?> RoleIn(
        SessionId session, SessionLimits limits, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var reading = await database.Read(cancellation);
        var name = await reading.QueryFirst<string>(
            Sql.RoleIn, new { id = session.Value, now, idleSince = now - limits.Idle });
        return RoleNames.TryParse(name, out var role) ? role : null;
    }

    private static class Sql
    {
        public const string RoleIn =
            """
            SELECT u.role
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
