using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Audit;
using Gatehouse.Foundation.Data;
using Gatehouse.Identity.Domain;
using Gatehouse.Identity.Services;
using Gatehouse.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Sql;

internal sealed class OwnSessionRepository(
    [FromKeyedServices(IdentityModule.Key)] Database database, IAuditLog audit) : IOwnSessionRepository
{
    // More than an account is given; logins at once may overshoot by a few until the next.
    private const int ListMax = 200;

    public async Task<IReadOnlyList<OwnSession>> List(
        Caller caller, SessionLimits limits, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var reading = await database.Read(cancellation);
        var rows = await reading.Query<OwnSessionRow>(Sql.List, new
        {
            userId = caller.User.Value,
            now,
            idleSince = now - limits.Idle,
            listMax = ListMax,
        });
        return [.. rows.Select(row => row.ToContract(caller.Session, limits))];
    }

    public async Task<bool> End(UserId user, SessionId session, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var own = new { id = session.Value, userId = user.Value, now, reason = SessionEnd.Owner.ToName() };
        if (await unit.Execute(Sql.End, own) == 0)
        {
            return await unit.QueryFirst<int>(Sql.Exists, own) == 1;
        }

        audit.Write(unit, SessionEnding.Fact(session, SessionEnd.Owner));
        await unit.Commit();
        return true;
    }

    public async Task EndOthers(Caller caller, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var ended = await unit.EndSessions(caller.User, caller.Session, SessionEnd.Owner, now);
        if (ended > 0)
        {
            audit.Write(unit, new AuditFact("sessions.ended", $"user/{caller.User}")
            {
                After = $$"""{"reason":"{{SessionEnd.Owner.ToName()}}","count":{{ended}}}""",
            });
        }

        await unit.Commit();
    }

    public async Task<bool> Reauthenticate(Caller caller, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var noted = await unit.Execute(
            Sql.Reauthenticate, new { id = caller.Session.Value, userId = caller.User.Value, now }) > 0;
        if (noted)
        {
            audit.Write(unit, new AuditFact("reauthentication.succeeded", $"session/{caller.Session}"));
        }

        await unit.Commit();
        return noted;
    }

    public async Task RefuseAgain(Caller caller, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        audit.Write(unit, new AuditFact("reauthentication.failed", $"session/{caller.Session}"));
        await unit.Commit();
    }

    private sealed class OwnSessionRow
    {
        public Guid Id { get; init; }

        public string? Device { get; init; }

        public string? Address { get; init; }

        public DateTimeOffset CreatedAt { get; init; }

        public DateTimeOffset RefreshedAt { get; init; }

        public DateTimeOffset ExpiresAt { get; init; }

        public OwnSession ToContract(SessionId current, SessionLimits limits) => new()
        {
            Id = Id,
            Device = Device,
            Address = Address,
            CreatedAt = CreatedAt,
            LastUsedAt = RefreshedAt,
            ExpiresAt = RefreshedAt + limits.Idle < ExpiresAt ? RefreshedAt + limits.Idle : ExpiresAt,
            Current = Id == current.Value,
        };
    }

    private static class Sql
    {
        public const string List =
            """
            SELECT id, device, address, created_at, refreshed_at, expires_at
            FROM sessions
            WHERE user_id = @userId AND ended_at IS NULL AND expires_at > @now AND refreshed_at > @idleSince
            ORDER BY refreshed_at DESC, id DESC
            LIMIT @listMax
            """;

        public const string End =
            """
            UPDATE sessions
            SET ended_at = @now, end_reason = @reason
            WHERE id = @id AND user_id = @userId AND ended_at IS NULL
            """;

        public const string Exists =
            """
            SELECT 1
            FROM sessions
            WHERE id = @id AND user_id = @userId
            """;

        public const string Reauthenticate =
            """
            UPDATE sessions
            SET authenticated_at = @now
            WHERE id = @id AND user_id = @userId AND ended_at IS NULL
            """;
    }
}
