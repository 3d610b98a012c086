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
    public async Task<bool> Add(User user, MailedLink? verification, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var kept = (await unit.QueryFirst<UserRow>(Sql.Insert, new
        {
            id = user.Id.Value,
            email = user.Email,
            name = user.Name,
            role = user.Role.ToName(),
            passwordHash = user.PasswordHash,
            createdAt = user.CreatedAt,
            emailVerifiedAt = user.EmailVerifiedAt,
        }))!.ToDomain();
        var isNew = kept.Id == user.Id;
        await Tell(unit, user, kept, verification);
        audit.Write(unit, new AuditFact(isNew ? "user.created" : "user.existed", $"user/{kept.Id}")
        {
            After = isNew ? $$"""{"role":"{{user.Role.ToName()}}"}""" : null,
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

    public async Task<bool> Rehash(User user, string passwordHash, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var kept = await unit.Execute(Sql.Rehash, new { id = user.Id.Value, old = user.PasswordHash, passwordHash });
        await unit.Commit();
        return kept > 0;
    }

    // Everything that either case wants is written, then what this one does not want is taken back.
    private static async Task Tell(UnitOfWork unit, User user, User kept, MailedLink? verification)
    {
        var isNew = kept.Id == user.Id;
        var registered = UserRegisteredEvent.Of(user.Id, user.Email, user.Name, user.CreatedAt);
        if (verification is null)
        {
            await Outbox.Add(unit, registered);
            await unit.Execute(Sql.TakeBack, new { id = registered.Id, unwanted = !isNew });
            return;
        }

        var attempted = kept.Notice(SecurityNotice.RegistrationAttempted, user.CreatedAt);
        var (link, mail) = verification;
        await unit.Keep(link with { User = kept.Id });
        await Outbox.Add(unit, [registered, mail, attempted]);
        await unit.Execute(Sql.TakeBack, new { id = registered.Id, unwanted = !isNew });
        await unit.Execute(Sql.TakeBack, new { id = mail.Id, unwanted = !isNew });
        await unit.Execute(Sql.TakeBack, new { id = attempted.Id, unwanted = isNew || kept.DisabledAt is not null });
        await unit.Execute(Sql.TakeLinkBack, new { hash = link.Token.Hash, unwanted = !isNew });
    }

    private static class Sql
    {
        // An address that is taken must cost what a free one costs, or the time of a registration tells who has an
        // account. So: DO UPDATE with the value that is there, where DO NOTHING would do, for the write and the
        // fsync; and events and link are added in either case and taken back in one.
        public const string Insert =
            """
            INSERT INTO users (id, email, name, role, password_hash, created_at, email_verified_at)
            VALUES (@id, @email, @name, @role, @passwordHash, @createdAt, @emailVerifiedAt)
            ON CONFLICT (email) DO UPDATE SET email = excluded.email
            RETURNING id, email, name, language, time_zone, role, password_hash, created_at, email_verified_at,
                disabled_at
            """;

        public const string TakeBack =
            """
            DELETE FROM outbox
            WHERE id = @id AND @unwanted
            """;

        public const string TakeLinkBack =
            """
            DELETE FROM account_links
            WHERE hash = @hash AND @unwanted
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
