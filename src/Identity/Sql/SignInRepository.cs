using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Audit;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Foundation.Telemetry;
using Gatehouse.Identity.Domain;
using Gatehouse.Identity.Services;
using Gatehouse.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Sql;

internal sealed class SignInRepository(
    [FromKeyedServices(IdentityModule.Key)] Database database, IAuditLog audit) : ISignInRepository
{
    private const int DevicesMax = 50;

    /// <summary>Sessions are kept longer: an older account without any has lost them, and is not new.</summary>
    private static readonly TimeSpan New = TimeSpan.FromDays(30);

    public async Task<bool> IsKnown(EmailAddress email, DeviceToken device, CancellationToken cancellation)
    {
        await using var reading = await database.Read(cancellation);
        return await reading.QueryFirst<int>(Sql.IsKnown, new { email = email.Text, hash = device.Hash }) == 1;
    }

    public async Task<IReadOnlyList<SessionId>?> Add(SignIn signIn, CancellationToken cancellation)
    {
        var (user, session) = (signIn.User, signIn.Session);
        var now = session.RefreshedAt;
        await using var unit = await database.Begin(cancellation);
        if ((await unit.Hold(user.Id))?.PasswordHash != user.PasswordHash)
        {
            return null;
        }

        if (signIn.Tell && await WasThere(unit, user, now))
        {
            await Outbox.Add(unit, new NewSignInEvent(
                Ids.New(now),
                now,
                user.Id.Value,
                user.Email,
                user.Name,
                user.Language,
                signIn.Client.Device,
                signIn.Client.Address));
        }

        await unit.Execute(Sql.Insert, new
        {
            id = session.Id.Value,
            userId = user.Id.Value,
            generation = session.Generation,
            now,
            expiresAt = session.ExpiresAt,
            device = signIn.Client.Device,
            address = signIn.Client.Address,
        });
        await RefreshTokens.Add(unit, session, signIn.First, now);
        await Remember(unit, user, signIn.Device, now);
        var ended = await MakeRoom(unit, signIn);
        audit.Write(unit, new AuditFact("login.succeeded", $"session/{session.Id}") { Actor = user.Id });
        await unit.Commit();
        return ended;
    }

    public async Task Refuse(UserId? user, string action, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        audit.Write(unit, new AuditFact(action, $"user/{user?.ToString() ?? "unknown"}"));
        await unit.Commit();
    }

    public async Task NoteLimited(EmailAddress? email, string limit, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var user = email is null
            ? RequestFacts.Current.Actor?.Value
            : await unit.QueryFirst<Guid?>(Sql.OfEmail, new { email = email.Text });
        audit.Write(unit, new AuditFact("login.limited", $"user/{user?.ToString() ?? "unknown"}")
        {
            After = $$"""{"limit":"{{limit}}"}""",
        });
        await unit.Commit();
    }

    private static async Task<bool> WasThere(UnitOfWork unit, User user, DateTimeOffset now) =>
        user.CreatedAt <= now - New || await unit.QueryFirst<int>(Sql.WasThere, new { userId = user.Id.Value }) == 1;

    private static async Task Remember(UnitOfWork unit, User user, DeviceToken device, DateTimeOffset now)
    {
        await unit.Remember(user.Id, device, now);
        await unit.Execute(
            unit.Text(Sql.ForgetOldest.Sqlite, Sql.ForgetOldest.Postgres),
            new { userId = user.Id.Value, devicesMax = DevicesMax });
    }

    private async Task<IReadOnlyList<SessionId>> MakeRoom(UnitOfWork unit, SignIn signIn)
    {
        var gone = await unit.Query<GoneRow>(unit.Text(Sql.MakeRoom.Sqlite, Sql.MakeRoom.Postgres), new
        {
            userId = signIn.User.Id.Value,
            id = signIn.Session.Id.Value,
            othersMax = signIn.SessionsMax - 1,
        });
        var ended = gone.Where(row => row.EndedAt is null).Select(row => new SessionId(row.Id)).ToList();
        foreach (var session in ended)
        {
            audit.Write(unit, SessionEnding.Fact(session, SessionEnd.Crowded) with { Actor = signIn.User.Id });
        }

        return ended;
    }

    private sealed class GoneRow
    {
        public Guid Id { get; init; }

        public DateTimeOffset? EndedAt { get; init; }
    }

    private static class Sql
    {
        public const string IsKnown =
            """
            SELECT 1
            FROM devices d
            JOIN users u ON u.id = d.user_id
            WHERE d.hash = @hash AND u.email = @email
            """;

        public const string OfEmail =
            """
            SELECT id
            FROM users
            WHERE email = @email
            """;

        public const string WasThere =
            """
            SELECT 1
            FROM users u
            WHERE u.id = @userId
                AND (EXISTS (SELECT 1 FROM devices d WHERE d.user_id = u.id)
                    OR EXISTS (SELECT 1 FROM sessions s WHERE s.user_id = u.id))
            """;

        public const string Insert =
            """
            INSERT INTO sessions (
                id, user_id, generation, created_at, refreshed_at, authenticated_at, expires_at, device, address)
            VALUES (@id, @userId, @generation, @now, @now, @now, @expiresAt, @device, @address)
            """;

        // What another login is about to take away needs no waiting for.
        public static class ForgetOldest
        {
            public const string Sqlite = $"DELETE FROM devices\nWHERE hash IN (\n{Oldest})";
            public const string Postgres = $"DELETE FROM devices\nWHERE hash IN (\n{Oldest}\nFOR UPDATE SKIP LOCKED)";

            private const string Oldest =
                """
                SELECT hash
                FROM devices
                WHERE user_id = @userId
                ORDER BY last_seen_at DESC, hash
                LIMIT 1000 OFFSET @devicesMax
                """;
        }

        // Those that have ended go first, and count: a script that logs in and out all day fills no table.
        public static class MakeRoom
        {
            public const string Sqlite = $"DELETE FROM sessions\nWHERE id IN (\n{Oldest})\nRETURNING id, ended_at";
            public const string Postgres =
                $"DELETE FROM sessions\nWHERE id IN (\n{Oldest}\nFOR UPDATE SKIP LOCKED)\nRETURNING id, ended_at";

            private const string Oldest =
                """
                SELECT id
                FROM sessions
                WHERE user_id = @userId AND id <> @id
                ORDER BY CASE WHEN ended_at IS NULL THEN 0 ELSE 1 END, refreshed_at DESC, id DESC
                LIMIT 1000 OFFSET @othersMax
                """;
        }
    }
}
