using Gatehouse.Foundation.Data;
using Gatehouse.Kernel;

namespace Gatehouse.Identity.Sql;

/// <summary>Takes a second factor away in the transaction of what takes it away.</summary>
internal static class SecondFactors
{
    /// <returns>Whether one was in force.</returns>
    public static async Task<bool> RemoveSecondFactor(this UnitOfWork unit, UserId user)
    {
        var wasInForce = await unit.QueryFirst<int>(Sql.Remove, new { userId = user.Value }) == 1;
        await unit.Execute(Sql.RemoveCodes, new { userId = user.Value });
        return wasInForce;
    }

    private static class Sql
    {
        public const string Remove =
            """
            DELETE FROM authenticators
            WHERE user_id = @userId
            RETURNING CASE WHEN confirmed_at IS NULL THEN 0 ELSE 1 END
            """;

        public const string RemoveCodes =
            """
            DELETE FROM recovery_codes
            WHERE user_id = @userId
            """;
    }
}
