using Gatehouse.Foundation.Data;
using Gatehouse.Identity.Services;
using Gatehouse.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Sql;

internal sealed class OldSessionRepository([FromKeyedServices(IdentityModule.Key)] Database database)
    : IOldSessionRepository
{
    private const int WalkMax = 500;
    private const int PruneMax = 1_000;

    public async Task<PrunedSessions> Prune(DateTimeOffset before, TimeSpan idle, CancellationToken cancellation)
    {
        var pruned = new PrunedSessions(0, 0);
        // Ids are UUIDv7: what was made later cannot have been over before then.
        var args = new { from = Guid.Empty, to = Ids.New(before), before, idleSince = before - idle, limit = WalkMax };
        while (true)
        {
            var last = await LastOfWalk(args, cancellation);
            if (last is not { } to)
            {
                return pruned;
            }

            var walked = new { args.from, to, before, args.idleSince, limit = PruneMax };
            // Tokens first: a session's may be more than one transaction should delete.
            var tokens = await Repeat(Sql.PruneTokens, walked, cancellation);
            var sessions = await Repeat(Sql.PruneSessions, walked, cancellation);
            pruned = new PrunedSessions(pruned.Sessions + sessions, pruned.Tokens + tokens);
            args = args with { from = to };
        }
    }

    public Task<long> PruneDevices(DateTimeOffset before, CancellationToken cancellation) =>
        Repeat(Sql.PruneDevices, new { before, limit = PruneMax }, cancellation);

    private async Task<Guid?> LastOfWalk(object args, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        return await session.QueryFirst<Guid?>(Sql.LastOfWalk, args);
    }

    private async Task<long> Repeat(string sql, object args, CancellationToken cancellation)
    {
        var total = 0L;
        while (true)
        {
            await using var unit = await database.Begin(cancellation);
            var deleted = await unit.Execute(sql, args);
            await unit.Commit();
            total += deleted;
            if (deleted < PruneMax)
            {
                return total;
            }
        }
    }

    private static class Sql
    {
        // The last session of the next few, whatever becomes of them.
        public const string LastOfWalk =
            """
            SELECT id
            FROM (
                SELECT id
                FROM sessions
                WHERE id > @from AND id < @to
                ORDER BY id
                LIMIT @limit) AS walked
            ORDER BY id DESC
            LIMIT 1
            """;

        // Of a session that goes on, the newest generation and the one before it stay.
        public const string PruneTokens =
            """
            DELETE FROM refresh_tokens
            WHERE hash IN (
                SELECT t.hash
                FROM sessions s
                JOIN refresh_tokens t ON t.session_id = s.id
                WHERE s.id > @from AND s.id <= @to
                    AND (
                        s.ended_at < @before OR s.expires_at < @before OR s.refreshed_at < @idleSince
                        OR (t.created_at < @before AND t.generation < s.generation - 1))
                LIMIT @limit)
            """;

        public const string PruneDevices =
            """
            DELETE FROM devices
            WHERE hash IN (
                SELECT d.hash
                FROM devices d
                WHERE d.last_seen_at < @before
                LIMIT @limit)
            """;

        public const string PruneSessions =
            """
            DELETE FROM sessions
            WHERE id IN (
                SELECT s.id
                FROM sessions s
                WHERE s.id > @from AND s.id <= @to
                    AND (s.ended_at < @before OR s.expires_at < @before OR s.refreshed_at < @idleSince)
                LIMIT @limit)
            """;
    }
}
