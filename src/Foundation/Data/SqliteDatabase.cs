using System.Data.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Gatehouse.Foundation.Data;

/// <summary>
/// A SQLite file in WAL mode, fsynced at every commit. SQLite has one writer at a time: writers of this process queue
/// on a semaphore, in order and without blocking threads; those of other processes wait by the busy timeout.
/// </summary>
internal sealed class SqliteDatabase : Database
{
    private const int BusyMilliseconds = 5000;
    private readonly SemaphoreSlim writers = new(1, 1);
    private readonly string connectionString;
    private readonly int commandSeconds;

    public SqliteDatabase(string name, DatabaseOptions options)
        : base(name)
    {
        SqliteLibrary.Load();
        commandSeconds = options.CommandSeconds;
        Directory.CreateDirectory(options.Path);
        connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = System.IO.Path.Combine(options.Path, $"{name}.db"),
            ForeignKeys = true,
            Pooling = true,
            DefaultTimeout = options.CommandSeconds,
        }.ConnectionString;
    }

    public override DatabaseProvider Provider => DatabaseProvider.Sqlite;

    public override async Task<DbSession> Read(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var connection = await Open();
        return new DbSession(this, connection, commandSeconds, cancellation, Interrupt(connection, cancellation));
    }

    public override async Task<UnitOfWork> Begin(CancellationToken cancellation)
    {
        if (!await writers.WaitAsync(TimeSpan.FromSeconds(commandSeconds), cancellation))
        {
            throw new TimeoutException($"No turn to write to {Name} within {commandSeconds} s.");
        }

        SqliteConnection? connection = null;
        try
        {
            connection = await Open();
            var transaction = connection.BeginTransaction(deferred: false);
            var interrupt = Interrupt(connection, cancellation);
            return new UnitOfWork(
                this, connection, transaction, commandSeconds, cancellation, interrupt, () => writers.Release());
        }
        catch
        {
            connection?.Dispose();
            writers.Release();
            throw;
        }
    }

    public override ValueTask DisposeAsync()
    {
        using var connection = new SqliteConnection(connectionString);
        SqliteConnection.ClearPool(connection);
        writers.Dispose();
        return ValueTask.CompletedTask;
    }

    // BEGIN IMMEDIATE is the lock, and opening made the file.
    internal override Task PrepareForMigration(UnitOfWork unit) => Task.CompletedTask;

    internal override Exception Translate(DbException exception, CancellationToken cancellation) =>
        exception is SqliteException { SqliteErrorCode: raw.SQLITE_INTERRUPT } && cancellation.IsCancellationRequested
            ? new OperationCanceledException("The statement was interrupted.", exception, cancellation)
            : exception;

    private async Task<SqliteConnection> Open()
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            await connection.OpenAsync();
            using var pragmas = connection.CreateCommand();
            pragmas.CommandText = $"""
                PRAGMA busy_timeout = {BusyMilliseconds};
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = FULL;
                """;
            pragmas.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    // The driver's calls are synchronous and know no token; SQLite's own interrupt is what reaches a running statement.
    private static CancellationTokenRegistration Interrupt(
        SqliteConnection connection, CancellationToken cancellation) => cancellation.UnsafeRegister(
        static state => raw.sqlite3_interrupt(((SqliteConnection)state!).Handle), connection);
}
