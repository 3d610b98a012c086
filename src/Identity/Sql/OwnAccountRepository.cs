using System.Text.Json;
using System.Text.Json.Nodes;
using Gatehouse.Contracts.Identity;
using Gatehouse.Foundation.Audit;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Messaging;
using Gatehouse.Identity.Domain;
using Gatehouse.Identity.Services;
using Gatehouse.Kernel;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Identity.Sql;

internal sealed class OwnAccountRepository(
    [FromKeyedServices(IdentityModule.Key)] Database database, IAuditLog audit) : IOwnAccountRepository
{
    public async Task<User?> Update(
        UserId user, Func<User, User> change, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        if (await unit.Hold(user) is not { } before)
        {
            return null;
        }

        var after = change(before);
        if (after == before)
        {
            return before;
        }

        await unit.Execute(Sql.Update, new
        {
            id = user.Value,
            name = after.Name,
            language = after.Language,
            timeZone = after.TimeZone,
        });
        await Outbox.Add(unit, after.ProfileChanged(now));
        audit.Write(unit, new AuditFact("profile.changed", $"user/{user}").Between(Told(before), Told(after)));
        await unit.Commit();
        return after;
    }

    public async Task<bool> ChangePassword(
        User seen,
        string passwordHash,
        SessionId current,
        bool endOthers,
        DeviceToken? device,
        DateTimeOffset now,
        CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        if (await unit.Hold(seen.Id) is not { } user ||
            await unit.Execute(Sql.Password, new { id = user.Id.Value, seen = seen.PasswordHash, passwordHash }) == 0)
        {
            return false;
        }

        // Whoever set one of these may have been the reason for the new password.
        await unit.KillLinks(user.Id, LinkPurpose.ResetPassword, now);
        await unit.KillLinks(user.Id, LinkPurpose.ChangeEmail, now);
        var ended = endOthers ? await unit.EndSessions(user.Id, current, SessionEnd.Password, now) : 0;
        if (endOthers)
        {
            await unit.ForgetDevices(user.Id, device);
        }

        await Outbox.Add(unit, user.Notice(SecurityNotice.PasswordChanged, now));
        audit.Write(unit, new AuditFact("password.changed", $"user/{user.Id}")
        {
            After = $$"""{"sessionsEnded":{{ended}}}""",
        });
        await unit.Commit();
        return true;
    }

    public async Task Refuse(UserId user, CancellationToken cancellation)
    {
        await using var unit = await database.Begin(cancellation);
        audit.Write(unit, new AuditFact("password.refused", $"user/{user}"));
        await unit.Commit();
    }

    // Which language and zone is no secret; of a name it is enough that it changed.
    private static string Told(User user) => new JsonObject
    {
        ["name"] = user.Name is null ? null : "…",
        ["language"] = user.Language,
        ["timeZone"] = user.TimeZone,
    }.ToJsonString(JsonSerializerOptions.Web);

    private static class Sql
    {
        public const string Update =
            """
            UPDATE users
            SET name = @name, language = @language, time_zone = @timeZone
            WHERE id = @id
            """;

        public const string Password =
            """
            UPDATE users
            SET password_hash = @passwordHash
            WHERE id = @id AND password_hash = @seen
            """;
    }
}
