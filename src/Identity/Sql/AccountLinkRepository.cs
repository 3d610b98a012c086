using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Audit;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Jobs;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Identity.Domain;
using Gatehouse.Identity.Services;
using Gatehouse.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Sql;

internal sealed class AccountLinkRepository(
    [FromKeyedServices(IdentityModule.Key)] Database database, IAuditLog audit) : IAccountLinkRepository
{
    private const int PruneMax = 1_000;

    public async Task Ask(LinkWish wish, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        await JobQueue.Enqueue(unit, new JobRequest(LinkWish.JobKind, wish.ToJson()), now);
        // Who asked, and from where; for whom is found out later.
        audit.Write(unit, new AuditFact("link.requested", $"link/{wish.Purpose.ToName()}"));
        await unit.Commit();
    }

    public async Task<bool> Add(MailedLink link, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var user = await unit.Hold(link.Link.User);
        if (user?.Email != link.Link.Email)
        {
            return false;
        }

        await unit.Keep(link.Link);
        await Outbox.Add(unit, link.Mail);
        Note(unit, "link.mailed", link.Link.User, link.Link.Purpose);
        await unit.Commit();
        return true;
    }

    public async Task AddChange(MailedLink link, SessionId session, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        // In this order: a new password that ended the session a moment ago is seen, and no link outlives it.
        if (await unit.Hold(link.Link.User) is not { } user ||
            await unit.QueryFirst<int>(Sql.GoesOn, new { session = session.Value, user = link.Link.User.Value }) != 1)
        {
            return;
        }

        await unit.Keep(link.Link with { Session = session });
        // To the address it still has, while its owner can throw the thief out.
        await Outbox.Add(
            unit, [link.Mail, user.Notice(SecurityNotice.EmailChangeRequested, link.Link.CreatedAt)]);
        await unit.Execute(Sql.TakeBackWhereTaken, new { id = link.Mail.Id, email = link.Link.Email });
        Note(unit, "link.mailed", link.Link.User, link.Link.Purpose);
        await unit.Commit();
    }

    public async Task<User?> Holder(
        LinkToken token, LinkPurpose purpose, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        return (await session.QueryFirst<UserRow>(
            Sql.Holder, new { hash = token.Hash, purpose = purpose.ToName(), now }))?.ToDomain();
    }

    public async Task<Confirmed> Confirm(LinkToken token, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        if (await Open(unit, token, now) is not { } opened)
        {
            return Confirmed.Invalid;
        }

        var done = opened.Purpose switch
        {
            LinkPurpose.VerifyEmail when opened.Email == opened.User.Email => await Verify(unit, opened.User, now),
            LinkPurpose.ChangeEmail => await Change(unit, opened.User, opened.Email, now),
            _ => Confirmed.Invalid,
        };
        if (done == Confirmed.Done)
        {
            await unit.Commit();
        }

        return done;
    }

    public async Task<UserId?> Reset(
        LinkToken token,
        string passwordHash,
        DeviceToken device,
        DateTimeOffset now,
        CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        if (await Open(unit, token, now) is not { Purpose: LinkPurpose.ResetPassword } opened ||
            opened.Email != opened.User.Email)
        {
            return null;
        }

        var user = opened.User;
        await unit.Execute(Sql.Reset, new { id = user.Id.Value, passwordHash, now });
        await unit.KillLinks(user.Id, now);
        await unit.ForgetDevices(user.Id, except: null);
        await unit.Remember(user.Id, device, now);
        // Until now nobody had shown that the address is theirs: whoever set up the second factor may be a stranger
        // who registered it first.
        var factorRemoved = user.EmailVerifiedAt is null && await unit.RemoveSecondFactor(user.Id);
        var ended = await unit.EndSessions(user.Id, except: null, SessionEnd.Password, now);
        await Outbox.Add(unit, user.Notice(SecurityNotice.PasswordReset, now));
        audit.Write(unit, new AuditFact("password.reset", $"user/{user.Id}")
        {
            Actor = user.Id,
            After = $$"""{"sessionsEnded":{{ended}},"secondFactorRemoved":{{(factorRemoved ? "true" : "false")}}}""",
        });
        await unit.Commit();
        return user.Id;
    }

    public async Task<long> Prune(DateTimeOffset before, CancellationToken cancellation)
    {
        var total = 0L;
        while (true)
        {
            await using var unit = await database.Begin(cancellation);
            var deleted = await unit.Execute(Sql.Prune, new { before, limit = PruneMax });
            await unit.Commit();
            total += deleted;
            if (deleted < PruneMax)
            {
                return total;
            }
        }
    }

    // The account first, then the link: two links of one account that are opened at once wait for each other, and the
    // second finds what the first left.
    private static async Task<Opened?> Open(UnitOfWork unit, LinkToken token, DateTimeOffset now)
    {
        if (await unit.QueryFirst<Guid?>(Sql.Owner, new { hash = token.Hash }) is not { } owner ||
            await unit.Hold(new UserId(owner)) is not { } user)
        {
            return null;
        }

        var link = await unit.QueryFirst<LinkRow>(Sql.Spend, new { hash = token.Hash, now });
        return link is null ? null : new Opened(user, LinkPurposeNames.Parse(link.Purpose), link.Email);
    }

    private async Task<Confirmed> Verify(UnitOfWork unit, User user, DateTimeOffset now)
    {
        await unit.Execute(Sql.Verify, new { id = user.Id.Value, now });
        await unit.KillLinks(user.Id, LinkPurpose.VerifyEmail, now);
        audit.Write(unit, new AuditFact("email.verified", $"user/{user.Id}") { Actor = user.Id });
        return Confirmed.Done;
    }

    private async Task<Confirmed> Change(UnitOfWork unit, User user, string email, DateTimeOffset now)
    {
        try
        {
            if (await unit.Execute(Sql.Change, new { id = user.Id.Value, email, now }) == 0)
            {
                return Confirmed.Taken;
            }
        }
        catch (Exception exception) when (DatabaseFaults.IsUniqueViolation(exception))
        {
            // Registered at this very moment.
            return Confirmed.Taken;
        }

        await unit.KillLinks(user.Id, now);
        await Outbox.Add(
            unit,
            [
                (user with { Email = email }).ProfileChanged(now),
                // To the old address: whoever reads only the new one may be a thief.
                user.Notice(SecurityNotice.EmailChanged, now),
            ]);
        audit.Write(unit, new AuditFact("email.changed", $"user/{user.Id}") { Actor = user.Id });
        return Confirmed.Done;
    }

    private void Note(UnitOfWork unit, string action, UserId user, LinkPurpose purpose) =>
        audit.Write(unit, new AuditFact(action, $"user/{user}")
        {
            After = $$"""{"purpose":"{{purpose.ToName()}}"}""",
        });

    private sealed record Opened(User User, LinkPurpose Purpose, string Email);

    private sealed class LinkRow
    {
        public string Purpose { get; init; } = "";

        public string Email { get; init; } = "";
    }

    private static class Sql
    {
        public const string GoesOn =
            """
            SELECT 1
            FROM sessions
            WHERE id = @session AND user_id = @user AND ended_at IS NULL
            """;

        public const string TakeBackWhereTaken =
            """
            DELETE FROM outbox
            WHERE id = @id AND EXISTS (SELECT 1 FROM users u WHERE u.email = @email)
            """;

        public const string Owner =
            """
            SELECT user_id
            FROM account_links
            WHERE hash = @hash
            """;

        // The one statement that spends a link: of two at once the second changes nothing.
        public const string Spend =
            """
            UPDATE account_links
            SET used_at = @now
            WHERE hash = @hash AND used_at IS NULL AND expires_at > @now
                AND (purpose <> 'change_email' OR EXISTS (
                    SELECT 1
                    FROM sessions s
                    WHERE s.id = account_links.session_id AND s.ended_at IS NULL))
            RETURNING purpose, email
            """;

        public const string Holder =
            """
            SELECT u.id, u.email, u.name, u.language, u.time_zone, u.role, u.password_hash, u.created_at,
                u.email_verified_at, u.disabled_at
            FROM account_links l
            JOIN users u ON u.id = l.user_id
            WHERE l.hash = @hash AND l.purpose = @purpose AND l.used_at IS NULL AND l.expires_at > @now
                AND u.email = l.email AND u.disabled_at IS NULL
            """;

        public const string Verify =
            """
            UPDATE users
            SET email_verified_at = coalesce(email_verified_at, @now)
            WHERE id = @id
            """;

        public const string Change =
            """
            UPDATE users
            SET email = @email, email_verified_at = @now
            WHERE id = @id AND NOT EXISTS (SELECT 1 FROM users o WHERE o.email = @email AND o.id <> @id)
            """;

        public const string Reset =
            """
            UPDATE users
            SET password_hash = @passwordHash, email_verified_at = coalesce(email_verified_at, @now)
            WHERE id = @id
            """;

        public const string Prune =
            """
            DELETE FROM account_links
            WHERE hash IN (SELECT l.hash FROM account_links l WHERE l.expires_at < @before LIMIT @limit)
            """;
    }
}
