using Gatehouse.Foundation.Audit;
using Gatehouse.Foundation.Data;
using Gatehouse.Identity.Domain;
using Gatehouse.Identity.Services;
using Gatehouse.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Sql;

internal sealed class SessionRepository(
    [FromKeyedServices(IdentityModule.Key)] Database database, IAuditLog audit) : ISessionRepository
{
    public async Task Add(Session session, RefreshToken first, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        await unit.Execute(Sql.Insert, new
        {
            id = session.Id.Value,
            userId = session.User.Value,
            generation = session.Generation,
            now = session.RefreshedAt,
            expiresAt = session.ExpiresAt,
        });
        await Add(unit, session, first, session.RefreshedAt);
        audit.Write(unit, new AuditFact("login.succeeded", $"session/{session.Id}") { Actor = session.User });
        await unit.Commit();
    }

    public async Task Refuse(UserId? user, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        audit.Write(unit, new AuditFact("login.failed", $"user/{user?.ToString() ?? "unknown"}"));
        await unit.Commit();
    }

    public async Task<Refreshed> Refresh(
        RefreshToken spent, RefreshToken next, SessionLimits limits, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var rotated = await unit.QueryFirst<SessionRow>(
            Sql.Rotate, new { hash = spent.Hash, now, idleSince = now - limits.Idle });
        var row = rotated ?? await unit.QueryFirst<SessionRow>(Sql.OfToken, new { hash = spent.Hash });
        var session = row?.ToDomain();
        if (row is null || session is null || row.UserDisabled || session.IsOver(limits, now))
        {
            return new Refreshed(RefreshOutcome.Unknown, session);
        }

        var renewed = rotated is not null || session.Judge(row.TokenGeneration, now) == SpentToken.InLeeway;
        if (renewed)
        {
            await Add(unit, session, next, now);
        }
        else
        {
            await End(unit, session.Id, now, SessionEnd.Reuse);
        }

        await unit.Commit();
        return new Refreshed(renewed ? RefreshOutcome.Renewed : RefreshOutcome.Reused, session);
    }

    public async Task<bool> WasAuthenticatedSince(
        SessionId session, DateTimeOffset since, CancellationToken cancellation)
    {
        await using var reading = await database.Read(cancellation);
        return await reading.QueryFirst<int>(Sql.Recent, new { id = session.Value, since }) == 1;
    }

    public async Task End(SessionId session, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        await End(unit, session, now, SessionEnd.Logout);
        await unit.Commit();
    }

    private async Task End(UnitOfWork unit, SessionId session, DateTimeOffset now, SessionEnd reason)
    {
        if (await unit.Execute(Sql.End, new { id = session.Value, now, reason = reason.ToName() }) > 0)
        {
            audit.Write(unit, new AuditFact("session.ended", $"session/{session}")
            {
                After = $$"""{"reason":"{{reason.ToName()}}"}""",
            });
        }
    }

    private static Task<int> Add(UnitOfWork unit, Session session, RefreshToken token, DateTimeOffset now) =>
        unit.Execute(Sql.InsertToken, new
        {
            hash = token.Hash,
            sessionId = session.Id.Value,
            generation = session.Generation,
            now,
        });

    private sealed class SessionRow
    {
        public Guid Id { get; init; }

        public Guid UserId { get; init; }

        public int Generation { get; init; }

        public DateTimeOffset RefreshedAt { get; init; }

        public DateTimeOffset ExpiresAt { get; init; }

        public DateTimeOffset? EndedAt { get; init; }

        public int TokenGeneration { get; init; }

        public bool UserDisabled { get; init; }

        public Session ToDomain() =>
            Session.Of(new SessionId(Id), new UserId(UserId), Generation, RefreshedAt, ExpiresAt, EndedAt);
    }

    private static class Sql
    {
        public const string Insert =
            """
            INSERT INTO sessions (id, user_id, generation, created_at, refreshed_at, expires_at)
            VALUES (@id, @userId, @generation, @now, @now, @expiresAt)
            """;

        public const string InsertToken =
            """
            INSERT INTO refresh_tokens (hash, session_id, generation, created_at)
            VALUES (@hash, @sessionId, @generation, @now)
            """;

        // The one statement that spends a token. Of two at once the second waits for the row, sees the new generation
        // and changes nothing.
        public const string Rotate =
            """
            UPDATE sessions
            SET generation = generation + 1, refreshed_at = @now
            WHERE id = (SELECT t.session_id FROM refresh_tokens t WHERE t.hash = @hash)
                AND generation = (SELECT t.generation FROM refresh_tokens t WHERE t.hash = @hash)
                AND ended_at IS NULL
                AND expires_at > @now
                AND refreshed_at > @idleSince
                AND EXISTS (SELECT 1 FROM users u WHERE u.id = sessions.user_id AND u.disabled_at IS NULL)
            RETURNING id, user_id, generation, refreshed_at, expires_at, ended_at
            """;

        public const string OfToken =
            """
            SELECT s.id, s.user_id, s.generation, s.refreshed_at, s.expires_at, s.ended_at,
                t.generation AS token_generation,
                u.disabled_at IS NOT NULL AS user_disabled
            FROM refresh_tokens t
            JOIN sessions s ON s.id = t.session_id
            JOIN users u ON u.id = s.user_id
            WHERE t.hash = @hash
            """;

        public const string Recent =
            """
            SELECT 1
            FROM sessions
            WHERE id = @id AND ended_at IS NULL AND coalesce(authenticated_at, created_at) >= @since
            """;

        public const string End =
            """
            UPDATE sessions
            SET ended_at = @now, end_reason = @reason
            WHERE id = @id AND ended_at IS NULL
            """;
    }
}
