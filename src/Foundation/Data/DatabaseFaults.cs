using System.Net.Sockets;
using Gatehouse.Foundation.Resilience;
using Microsoft.Data.Sqlite;
using Npgsql;
using SQLitePCL;

namespace Gatehouse.Foundation.Data;

/// <summary>Reads what a database's exception means, on either engine.</summary>
public static class DatabaseFaults
{
    private const string Prefix = "database.";
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
        TransactionFailedException { InnerException: { } first } => IsUnavailable(first),
        _ => IsNotCalled(exception),
    };

    /// <summary>No answer came at all, so that others who ask now would wait for nothing too.</summary>
    public static bool IsUnreachable(Exception exception) =>
        exception is NpgsqlException and not PostgresException or TimeoutException or OutcomeUnknownException ||
        IsNotCalled(exception);

    /// <summary>Two transactions waited for each other, and this one was ended for it: it may be done again.</summary>
    public static bool IsDeadlock(Exception exception) => exception switch
    {
        PostgresException postgres => postgres.SqlState == PostgresErrorCodes.DeadlockDetected,
        TransactionFailedException { InnerException: { } first } => IsDeadlock(first),
        _ => false,
    };

    /// <summary>How a module's database is opened, and when one stops asking it.</summary>
    internal static DependencyPolicy Policy { get; } = new()
    {
        // A connection that is refused costs nothing to try again soon, and a server that is back is wanted at once.
        OpenFor = TimeSpan.FromMilliseconds(250),
        IsFailure = IsUnreachable,
        NothingWasDone = static exception => exception is NpgsqlException { InnerException: SocketException },
        CanPass = static exception => exception is NpgsqlException { InnerException: SocketException },
    };

    /// <summary>The name of a module's database among the dependencies.</summary>
    internal static string Dependency(string module) => Prefix + module;

    private static bool IsNotCalled(Exception exception) =>
        exception is DependencyException { Dependency: var name } && name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Another row has this key already.</summary>
    public static bool IsUniqueViolation(Exception exception) => exception switch
    {
        PostgresException postgres => postgres.SqlState == PostgresErrorCodes.UniqueViolation,
        SqliteException sqlite =>
            sqlite.SqliteExtendedErrorCode is SqliteConstraintUnique or SqliteConstraintPrimaryKey,
        _ => false,
    };
}
