using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Audit;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Identity.Domain;
using Gatehouse.Identity.Services;
using Gatehouse.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Sql;

internal sealed class SecondFactorRepository(
    [FromKeyedServices(IdentityModule.Key)] Database database, IAuditLog audit) : ISecondFactorRepository
{
    public async Task<Authenticator?> Find(UserId user, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        return (await session.QueryFirst<AuthenticatorRow>(Sql.Find, new { userId = user.Value }))?.ToDomain(user);
    }

    public async Task<int> RecoveryCodesLeft(UserId user, CancellationToken cancellation)
    {
        await using var session = await database.Read(cancellation);
        return (int)await session.QueryFirst<long>(Sql.CodesLeft, new { userId = user.Value });
    }

    public async Task<bool> Begin(
        UserId user, string sealedSecret, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var kept = await unit.Execute(Sql.Begin, new { userId = user.Value, secret = sealedSecret, now });
        await unit.Commit();
        return kept > 0;
    }

    public async Task<bool> Confirm(
        Authenticator seen,
        long step,
        IReadOnlyList<RecoveryCode> codes,
        SessionId current,
        SecurityNoticeEvent notice,
        CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        if (await unit.Hold(seen.User) is null)
        {
            return false;
        }

        var confirmed = await unit.Execute(Sql.Confirm, new
        {
            userId = seen.User.Value,
            secret = seen.SealedSecret,
            step,
            now = notice.OccurredAt,
        });
        if (confirmed == 0)
        {
            return false;
        }

        await Replace(unit, seen.User.Value, codes);
        // Whoever signed in elsewhere showed no code, and could switch it off again.
        await unit.Execute(
            Sql.AgeOthers,
            new { userId = seen.User.Value, current = current.Value, longAgo = DateTimeOffset.UnixEpoch });
        await Tell(unit, notice, "second_factor.enabled");
        await unit.Commit();
        return true;
    }

    public async Task<bool> SpendStep(UserId user, long step, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var spent = await unit.Execute(Sql.SpendStep, new { userId = user.Value, step });
        await unit.Commit();
        return spent > 0;
    }

    public async Task<bool> SpendRecoveryCode(
        RecoveryCode code, SecurityNoticeEvent notice, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var spent = await unit.Execute(
            Sql.SpendCode, new { userId = notice.UserId, hash = code.Hash, now = notice.OccurredAt });
        if (spent == 0)
        {
            return false;
        }

        await Tell(unit, notice, "second_factor.recovery_code_used");
        await unit.Commit();
        return true;
    }

    public async Task<bool> Disable(SecurityNoticeEvent notice, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        var wasInForce = await unit.RemoveSecondFactor(new UserId(notice.UserId));
        if (wasInForce)
        {
            await Tell(unit, notice, "second_factor.disabled");
        }

        await unit.Commit();
        return wasInForce;
    }

    public async Task<bool> Renew(
        IReadOnlyList<RecoveryCode> codes, SecurityNoticeEvent notice, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        // Holds the row: of two who renew at once, one set of codes is left.
        if (await unit.Execute(Sql.Hold, new { userId = notice.UserId }) == 0)
        {
            return false;
        }

        await Replace(unit, notice.UserId, codes);
        await Tell(unit, notice, "second_factor.recovery_codes_renewed");
        await unit.Commit();
        return true;
    }

    private static async Task Replace(UnitOfWork unit, Guid user, IReadOnlyList<RecoveryCode> codes)
    {
        await unit.Execute(Sql.RemoveCodes, new { userId = user });
        foreach (var code in codes)
        {
            await unit.Execute(Sql.AddCode, new { userId = user, hash = code.Hash });
        }
    }

    private async Task Tell(UnitOfWork unit, SecurityNoticeEvent notice, string action)
    {
        await Outbox.Add(unit, notice);
        // Whoever signs in is nobody yet, and has shown the password: the owner, as far as is known.
        var facts = new AuditFact(action, $"user/{notice.UserId}");
        audit.Write(unit, action == "second_factor.recovery_code_used"
            ? facts with { Actor = new UserId(notice.UserId) }
            : facts);
    }

    private sealed class AuthenticatorRow
    {
        public string Secret { get; init; } = "";

        public DateTimeOffset? ConfirmedAt { get; init; }

        public long LastStep { get; init; }

        public Authenticator ToDomain(UserId user) => new(user, Secret, ConfirmedAt, LastStep);
    }

    private static class Sql
    {
        public const string Find =
            """
            SELECT secret, confirmed_at, last_step
            FROM authenticators
            WHERE user_id = @userId
            """;

        public const string CodesLeft =
            """
            SELECT count(*)
            FROM recovery_codes
            WHERE user_id = @userId AND used_at IS NULL
            """;

        public const string Begin =
            """
            INSERT INTO authenticators (user_id, secret, created_at)
            VALUES (@userId, @secret, @now)
            ON CONFLICT (user_id) DO UPDATE
            SET secret = excluded.secret, created_at = excluded.created_at, last_step = 0
            WHERE authenticators.confirmed_at IS NULL
            """;

        public const string Confirm =
            """
            UPDATE authenticators
            SET confirmed_at = @now, last_step = @step
            WHERE user_id = @userId AND secret = @secret AND confirmed_at IS NULL
            """;

        public const string AgeOthers =
            """
            UPDATE sessions
            SET authenticated_at = @longAgo
            WHERE user_id = @userId AND id <> @current AND ended_at IS NULL
            """;

        public const string SpendStep =
            """
            UPDATE authenticators
            SET last_step = @step
            WHERE user_id = @userId AND confirmed_at IS NOT NULL AND last_step < @step
            """;

        public const string SpendCode =
            """
            UPDATE recovery_codes
            SET used_at = @now
            WHERE user_id = @userId AND hash = @hash AND used_at IS NULL
            """;

        public const string RemoveCodes =
            """
            DELETE FROM recovery_codes
            WHERE user_id = @userId
            """;

        public const string AddCode =
            """
            INSERT INTO recovery_codes (user_id, hash)
            VALUES (@userId, @hash)
            """;

        public const string Hold =
            """
            UPDATE authenticators
            SET last_step = last_step
            WHERE user_id = @userId AND confirmed_at IS NOT NULL
            """;
    }
}
