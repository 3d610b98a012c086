using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Audit;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Identity.Domain;
using Gatehouse.Identity.Services;
using Gatehouse.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Sql;

internal sealed class UserRepository(
    [FromKeyedServices(IdentityModule.Key)] Database database, IAuditLog audit) : IUserRepository
{
    public async Task<bool> Add(User user, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var kept = await unit.QueryFirst<Guid>(Sql.Insert, new
        {
            id = user.Id.Value,
            email = user.Email,
            name = user.Name,
            role = user.Role.ToName(),
            passwordHash = user.PasswordHash,
            createdAt = user.CreatedAt,
        });
        var isNew = kept == user.Id.Value;
        var registered = UserRegisteredEvent.Of(user.Id, user.Email, user.Name, user.CreatedAt);
        await Outbox.Add(unit, registered);
        await unit.Execute(Sql.TakeBack, new { id = registered.Id, isNew });
        audit.Write(unit, new AuditFact(isNew ? "user.created" : "user.existed", $"user/{kept}")
        {
            After = $$"""{"role":"{{user.Role.ToName()}}"}""",
        });
        await unit.Commit();
        return isNew;
    }

    public async Task<User?> Find(EmailAddress email, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        return (await session.QueryFirst<UserRow>(Sql.ByEmail, new { email = email.Text }))?.ToDomain();
    }

    public async Task<User?> Find(UserId id, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        return (await session.QueryFirst<UserRow>(Sql.ById, new { id = id.Value }))?.ToDomain();
    }

    public async Task<bool> Any(CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        return await session.QueryFirst<int>(Sql.Any) == 1;
    }

    public async Task Rehash(User user, string passwordHash, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        await unit.Execute(Sql.Rehash, new { id = user.Id.Value, old = user.PasswordHash, passwordHash });
        await unit.Commit();
    }

    private sealed class UserRow
    {
        public Guid Id { get; init; }

        public string Email { get; init; } = "";

        public string? Name { get; init; }

        public string? Language { get; init; }

        public string? TimeZone { get; init; }

        public string Role { get; init; } = "";

        public string PasswordHash { get; init; } = "";

        public DateTimeOffset CreatedAt { get; init; }

        public DateTimeOffset? EmailVerifiedAt { get; init; }

        public DateTimeOffset? DisabledAt { get; init; }

        public User ToDomain() => new()
        {
            Id = new UserId(Id),
            Email = Email,
            Name = Name,
            Language = Language,
            TimeZone = TimeZone,
            Role = RoleNames.Parse(Role),
            PasswordHash = PasswordHash,
            CreatedAt = CreatedAt,
            EmailVerifiedAt = EmailVerifiedAt,
            DisabledAt = DisabledAt,
        };
    }

    private static class Sql
    {
        // An address that is taken must cost what a free one costs, or the time of a registration tells who has an
        // account. So: DO UPDATE with the value that is there, where DO NOTHING would do, for the write and the
        // fsync; and the event is added in either case and taken back in one.
        public const string Insert =
            """
            INSERT INTO users (id, email, name, role, password_hash, created_at)
            VALUES (@id, @email, @name, @role, @passwordHash, @createdAt)
            ON CONFLICT (email) DO UPDATE SET email = excluded.email
            RETURNING id
            """;

        public const string TakeBack =
            """
            DELETE FROM outbox
            WHERE id = @id AND NOT @isNew
            """;

        public const string ByEmail =
            """
            SELECT id, email, name, language, time_zone, role, password_hash, created_at, email_verified_at, disabled_at
            FROM users
            WHERE email = @email
            """;

        public const string ById =
            """
            SELECT id, email, name, language, time_zone, role, password_hash, created_at, email_verified_at, disabled_at
            FROM users
            WHERE id = @id
            """;

        public const string Any =
            """
            SELECT 1
            FROM users
            LIMIT 1
            """;

        public const string Rehash =
            """
            UPDATE users
            SET password_hash = @passwordHash
            WHERE id = @id AND password_hash = @old
            """;
    }
}
