using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Audit;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Identity.Domain;
using Gatehouse.Identity.Services;
using Gatehouse.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Sql;

internal sealed class ManagedUserRepository(
    [FromKeyedServices(IdentityModule.Key)] Database database, IAuditLog audit) : IManagedUserRepository
{
    public async Task<Page<UserView>> List(UserFilter filter, PageRequest page, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        return await session.ListUsers(filter, page);
    }

    public async Task<Result<User>?> Change(
        UserId user, AccountChange change, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var locked = await unit.Query<LockedRow>(
            unit.Text(Sql.Lock.Sqlite, Sql.Lock.Postgres), new { id = user.Value });
        if (locked.FirstOrDefault(row => row.Id == user.Value) is not { } row)
        {
            return null;
        }

        var before = row.ToDomain();
        var after = change.Of(before, now);
        if (Holds(before) && !Holds(after) && !locked.Any(other => other.Id != row.Id && Holds(other.ToDomain())))
        {
            return IdentityProblems.LastAdmin;
        }

        if (after != before)
        {
            await Write(unit, before, after, now);
            await unit.Commit();
        }

        return after;
    }

    public async Task<bool> EndSessions(UserId user, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        if (await unit.QueryFirst<int>(Sql.Exists, new { id = user.Value }) == 0)
        {
            return false;
        }

        var ended = await unit.EndSessions(user, except: null, SessionEnd.Admin, now);
        if (ended > 0)
        {
            audit.Write(unit, new AuditFact("user.sessions_ended", $"user/{user}")
            {
                After = $$"""{"sessions":{{ended}}}""",
            });
            await unit.Commit();
        }

        return true;
    }

    /// <summary>Holds the office that may not be vacant.</summary>
    private static bool Holds(User user) => user is { Role: Role.Admin, DisabledAt: null };

    private async Task Write(UnitOfWork unit, User before, User after, DateTimeOffset now)
    {
        await unit.Execute(Sql.Update, new
        {
            id = after.Id.Value,
            role = after.Role.ToName(),
            disabledAt = after.DisabledAt,
        });
        if (after.Role != before.Role)
        {
            await Outbox.Add(unit, new UserRoleChangedEvent(Ids.New(now), now, after.Id.Value, after.Role));
            Note("user.role_changed");
        }

        if (after.DisabledAt is not null && before.DisabledAt is null)
        {
            await unit.EndSessions(after.Id, except: null, SessionEnd.Admin, now);
            await Outbox.Add(unit, new UserDisabledEvent(Ids.New(now), now, after.Id.Value));
            Note("user.disabled");
        }
        else if (after.DisabledAt is null && before.DisabledAt is not null)
        {
            await Outbox.Add(unit, new UserEnabledEvent(Ids.New(now), now, after.Id.Value));
            Note("user.enabled");
        }

        void Note(string action) => audit.Write(
            unit, new AuditFact(action, $"user/{after.Id}").Between(Json(before), Json(after)));
    }

    private static string Json(User user) =>
        $$"""{"role":"{{user.Role.ToName()}}","disabled":{{(user.DisabledAt is null ? "false" : "true")}}}""";

    private sealed class LockedRow
    {
        public Guid Id { get; init; }

        public string Email { get; init; } = "";

        public string? Name { get; init; }

        public string Role { get; init; } = "";

        public DateTimeOffset CreatedAt { get; init; }

        public DateTimeOffset? EmailVerifiedAt { get; init; }

        public DateTimeOffset? DisabledAt { get; init; }

        public User ToDomain() => new()
        {
            Id = new UserId(Id),
            Email = Email,
            Name = Name,
            Role = RoleNames.Parse(Role),
            PasswordHash = "",
            CreatedAt = CreatedAt,
            EmailVerifiedAt = EmailVerifiedAt,
            DisabledAt = DisabledAt,
        };
    }

    private static class Sql
    {
        // The account and every administrator, always in one order: of two who change at once, the second waits here
        // and then sees the administrators that the first has left.
        public static class Lock
        {
            public const string Sqlite =
                """
                SELECT id, email, name, role, created_at, email_verified_at, disabled_at
                FROM users
                WHERE id = @id OR (role = 'admin' AND disabled_at IS NULL)
                ORDER BY id
                """;

            // Logins go on meanwhile: their sessions refer to the row, and this lock lets them.
            public const string Postgres = Sqlite +
                """

                FOR NO KEY UPDATE
                """;
        }

        public const string Update =
            """
            UPDATE users
            SET role = @role, disabled_at = @disabledAt
            WHERE id = @id
            """;

        public const string Exists =
            """
            SELECT 1
            FROM users
            WHERE id = @id
            """;
    }
}
