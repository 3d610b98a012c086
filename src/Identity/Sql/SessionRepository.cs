using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Audit;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Identity.Domain;
using Gatehouse.Identity.Services;
using Gatehouse.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Sql;

internal sealed class SessionRepository(
    [FromKeyedServices(IdentityModule.Key)] Database database, IAuditLog audit) : ISessionRepository
{
    /// <summary>So many generations back a token is told from one that was made up; past them it is not.</summary>
    public const int GenerationsMax = 1_000;

    public async Task<SessionId?> WhoseNewest(RefreshToken token, CancellationToken cancellation)
    {
        await using var reading = await database.Read(cancellation);
        return await reading.QueryFirst<Guid?>(Sql.WhoseNewest, new { hash = token.Hash }) is { } session
            ? new SessionId(session)
            : null;
    }

    public async Task<Refreshed> Refresh(
        RefreshToken spent,
        RefreshToken next,
        SessionLimits limits,
        Client client,
        DateTimeOffset now,
        CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var rotated = await unit.QueryFirst<SessionRow>(Sql.Rotate, new
        {
            hash = spent.Hash,
            now,
            idleSince = now - limits.Idle,
            device = client.Device,
            address = client.Address,
        });
        var row = rotated ?? await unit.QueryFirst<SessionRow>(
            unit.Text(Sql.OfToken.Sqlite, Sql.OfToken.Postgres), new { hash = spent.Hash });
        var session = row?.ToDomain();
        if (row is null || session is null || row.UserDisabled || session.IsOver(limits, now))
        {
            return new Refreshed(RefreshOutcome.Unknown, session);
        }

        var renewed = rotated is not null || session.Judge(row.TokenGeneration, now) == SpentToken.InLeeway;
        if (renewed)
        {
            await RefreshTokens.Add(unit, session, next, now);
        }
        else
        {
            await EndReused(unit, row, client, now);
        }

        if (rotated is not null)
        {
            await unit.Execute(
                Sql.Forget, new { session = row.Id, from = row.Generation - GenerationsMax, limit = GenerationsMax });
        }

        await unit.Commit();
        var outcome = rotated is not null ? RefreshOutcome.Rotated : RefreshOutcome.Repeated;
        return new Refreshed(renewed ? outcome : RefreshOutcome.Reused, session);
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
        if (await End(unit, session.Value, SessionEnd.Logout, now))
        {
            audit.Write(unit, SessionEnding.Fact(session, SessionEnd.Logout));
        }

        await unit.Commit();
    }

    public async Task<SessionId?> End(RefreshToken token, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var ended = await unit.QueryFirst<SessionRow>(
            Sql.EndOfToken, new { hash = token.Hash, now, reason = SessionEnd.Logout.ToName() });
        if (ended is null)
        {
            return null;
        }

        var session = new SessionId(ended.Id);
        audit.Write(unit, SessionEnding.Fact(session, SessionEnd.Logout) with { Actor = new UserId(ended.UserId) });
        await unit.Commit();
        return session;
    }

    // Somebody has a copy. Its owner hears of it once: what comes after finds the session ended.
    private async Task EndReused(UnitOfWork unit, SessionRow row, Client client, DateTimeOffset now)
    {
        if (!await End(unit, row.Id, SessionEnd.Reuse, now))
        {
            return;
        }

        await Outbox.Add(unit, new SecurityNoticeEvent(
            Ids.New(now),
            now,
            row.UserId,
            row.Email,
            row.Name,
            row.Language,
            SecurityNotice.RefreshTokenReused,
            client.Device,
            client.Address));
        audit.Write(unit, SessionEnding.Fact(new SessionId(row.Id), SessionEnd.Reuse));
    }

    private static async Task<bool> End(UnitOfWork unit, Guid session, SessionEnd reason, DateTimeOffset now) =>
        await unit.Execute(Sql.End, new { id = session, now, reason = reason.ToName() }) > 0;

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

        public string Email { get; init; } = "";

        public string? Name { get; init; }

        public string? Language { get; init; }

        public Session ToDomain() =>
            Session.Of(new SessionId(Id), new UserId(UserId), Generation, RefreshedAt, ExpiresAt, EndedAt);
    }

    private static class Sql
    {
        // The one statement that spends a token. Of two at once the second waits for the row, sees the new generation
        // and changes nothing.
        public const string Rotate =
            """
            UPDATE sessions
            SET generation = generation + 1, refreshed_at = @now,
                device = coalesce(@device, device), address = coalesce(@address, address)
            WHERE id = (SELECT t.session_id FROM refresh_tokens t WHERE t.hash = @hash)
                AND generation = (SELECT t.generation FROM refresh_tokens t WHERE t.hash = @hash)
                AND ended_at IS NULL
                AND expires_at > @now
                AND refreshed_at > @idleSince
                AND EXISTS (SELECT 1 FROM users u WHERE u.id = sessions.user_id AND u.disabled_at IS NULL)
            RETURNING id, user_id, generation, refreshed_at, expires_at, ended_at
            """;

        // Held until the commit: a sibling is given for the generation that the session has, not one that another
        // refresh has just spent.
        public static class OfToken
        {
            public const string Sqlite =
                """
                SELECT s.id, s.user_id, s.generation, s.refreshed_at, s.expires_at, s.ended_at,
                    t.generation AS token_generation,
                    u.disabled_at IS NOT NULL AS user_disabled, u.email, u.name, u.language
                FROM refresh_tokens t
                JOIN sessions s ON s.id = t.session_id
                JOIN users u ON u.id = s.user_id
                WHERE t.hash = @hash
                """;

            public const string Postgres = Sqlite +
                """

                FOR UPDATE OF s
                """;
        }

        public const string WhoseNewest =
            """
            SELECT s.id
            FROM refresh_tokens t
            JOIN sessions s ON s.id = t.session_id AND s.generation = t.generation
            WHERE t.hash = @hash AND s.ended_at IS NULL
            """;

        // One generation at a time, as a rule.
        public const string Forget =
            """
            DELETE FROM refresh_tokens
            WHERE hash IN (
                SELECT t.hash
                FROM refresh_tokens t
                WHERE t.session_id = @session AND t.generation < @from
                LIMIT @limit)
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

        public const string EndOfToken =
            """
            UPDATE sessions
            SET ended_at = @now, end_reason = @reason
            WHERE id = (SELECT t.session_id FROM refresh_tokens t WHERE t.hash = @hash) AND ended_at IS NULL
            RETURNING id, user_id
            """;
    }
}
