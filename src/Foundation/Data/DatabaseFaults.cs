using Microsoft.Data.Sqlite;
using Npgsql;
using SQLitePCL;

namespace Gatehouse.Foundation.Data;

/// <summary>Reads what a database's exception means, on either engine.</summary>
public static class DatabaseFaults
{
    private const int SqliteConstraintUnique = 2067;
    private const int SqliteConstraintPrimaryKey = 1555;

    /// <summary>
    /// It is down, unreachable, full, overloaded or too slow: nothing is wrong with the request, later may do.
    /// </summary>
    public static bool IsUnavailable(Exception exception) => exception switch
    {
        PostgresException postgres => postgres.SqlState is
            PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.AdminShutdown
            or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.DiskFull or PostgresErrorCodes.OutOfMemory
            or PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.LockNotAvailable
            or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.ReadOnlySqlTransaction,
        NpgsqlException => true,
        SqliteException sqlite => sqlite.SqliteErrorCode is
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_IOERR or raw.SQLITE_FULL or raw.SQLITE_CANTOPEN
            or raw.SQLITE_READONLY,
        TimeoutException => true,
        _ => false,
    };

    /// <summary>No answer came at all, so that others who ask now would wait for nothing too.</summary>
    public static bool IsUnreachable(Exception exception) =>
        exception is NpgsqlException and not PostgresException or TimeoutException or OutcomeUnknownException;

    /// <summary>Another row has this key already.</summary>
    public static bool IsUniqueViolation(Exception exception) => exception switch
    {
        PostgresException postgres => postgres.SqlState == PostgresErrorCodes.UniqueViolation,
        SqliteException sqlite =>
            sqlite.SqliteExtendedErrorCode is SqliteConstraintUnique or SqliteConstraintPrimaryKey,
        _ => false,
    };
}
