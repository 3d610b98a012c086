using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Identity.Services;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Sql;

internal sealed class ZonesToTellRepository([FromKeyedServices(IdentityModule.Key)] Database database)
    : IZonesToTellRepository
{
    public async Task<int> Tell(DateTimeOffset at, int limit, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var users = await unit.Query<UserRow>(unit.Text(Sql.Some.Sqlite, Sql.Some.Postgres), new { limit });
        if (users.Count == 0)
        {
            return 0;
        }

        await (unit.IsPostgres
            ? unit.Execute(Sql.Forget.Postgres, new { ids = users.Column(user => user.Id) })
            : unit.Execute(Sql.Forget.Sqlite, users.Column(user => new { id = user.Id })));
        await Outbox.Add(unit, [.. users.Select(user => user.ToDomain().ProfileChanged(at))]);
        await unit.Commit();
        return users.Count;
    }

    private static class Sql
    {
        public static class Some
        {
            public const string Sqlite =
                """
                SELECT u.id, u.email, u.name, u.language, u.time_zone, u.role, u.password_hash, u.created_at,
                    u.email_verified_at, u.disabled_at
                FROM zones_to_tell z
                JOIN users u ON u.id = z.user_id
                ORDER BY z.user_id
                LIMIT @limit
                """;

            // Of two instances each tells of others.
            public const string Postgres = Sqlite + "\nFOR UPDATE OF z SKIP LOCKED";
        }

        public static class Forget
        {
            public const string Sqlite = "DELETE FROM zones_to_tell WHERE user_id = @id";
            public const string Postgres = "DELETE FROM zones_to_tell WHERE user_id = ANY (@ids)";
        }
    }
}
