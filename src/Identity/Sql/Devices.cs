using Gatehouse.Foundation.Data;
using Gatehouse.Identity.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Sql;

/// <summary>Known devices, in the transaction of what makes them known or forgotten.</summary>
internal static class Devices
{
    public static Task Remember(this UnitOfWork unit, UserId user, DeviceToken device, DateTimeOffset now) =>
        unit.Execute(Sql.Remember, new { hash = device.Hash, userId = user.Value, now });

    /// <summary>One that a thief signed in with would be let through the limit on guesses.</summary>
    public static Task ForgetDevices(this UnitOfWork unit, UserId user, DeviceToken? except) =>
        unit.Execute(Sql.Forget, new { userId = user.Value, except = except?.Hash ?? "" });

    private static class Sql
    {
        public const string Remember =
            """
            INSERT INTO devices (hash, user_id, created_at, last_seen_at)
            VALUES (@hash, @userId, @now, @now)
            ON CONFLICT (hash) DO UPDATE SET last_seen_at = excluded.last_seen_at
            """;

        public const string Forget =
            """
            DELETE FROM devices
            WHERE user_id = @userId AND hash <> @except
            """;
    }
}
