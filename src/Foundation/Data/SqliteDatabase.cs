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
    private readonly Lazy<string> connectionString;
    private volatile bool isWriteAhead;

    public SqliteDatabase(string name, DatabaseOptions options)
        : base(name, options)
    {
        SqliteLibrary.Load();
        Place = Path.GetFullPath(Path.Combine(options.Path, $"{name}.db"));
        connectionString = new Lazy<string>(() => Prepare(Place, options.CommandSeconds));
    }

    public override DatabaseProvider Provider => DatabaseProvider.Sqlite;

    public override string Place { get; }

    internal override bool IsAbsent => !File.Exists(Place);

    public override async Task<DbSession> Read(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var connection = await Open();
        return new DbSession(this, connection, CommandSeconds, cancellation, Interrupt(connection, cancellation));
    }

    public override ValueTask DisposeAsync()
    {
        if (connectionString.IsValueCreated)
        {
            using var connection = new SqliteConnection(connectionString.Value);
            SqliteConnection.ClearPool(connection);
        }

        writers.Dispose();
        return ValueTask.CompletedTask;
    }

    internal override Task<UnitOfWork> Begin(int commandSeconds, CancellationToken cancellation) =>
        Begin(commandSeconds, "FULL", cancellation);

    // NORMAL: the write-ahead log is synced by whoever commits durably next, and this with it.
    internal override Task<UnitOfWork> BeginForgettable(CancellationToken cancellation) =>
        Begin(CommandSeconds, "NORMAL", cancellation);

    // BEGIN IMMEDIATE is the lock, and opening made the file.
    internal override Task PrepareForMigration(UnitOfWork unit) => Task.CompletedTask;

    internal override Exception Translate(DbException exception, CancellationToken cancellation) =>
        exception is SqliteException { SqliteErrorCode: raw.SQLITE_INTERRUPT } && cancellation.IsCancellationRequested
            ? new OperationCanceledException("The statement was interrupted.", exception, cancellation)
            : exception;

    private async Task<UnitOfWork> Begin(int commandSeconds, string synchronous, CancellationToken cancellation)
    {
        if (!await writers.WaitAsync(TimeSpan.FromSeconds(commandSeconds), cancellation))
        {
            throw new TimeoutException($"No turn to write to {Name} within {commandSeconds} s.");
        }

        SqliteConnection? connection = null;
        try
        {
            connection = await Open();
            Set(connection, $"PRAGMA synchronous = {synchronous}");
            connection.DefaultTimeout = commandSeconds;
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

    // At the first connection and not before: whoever only looks makes no folder.
    private static string Prepare(string file, int timeoutSeconds)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        return new SqliteConnectionStringBuilder
        {
            DataSource = file,
            ForeignKeys = true,
            Pooling = true,
            DefaultTimeout = timeoutSeconds,
        }.ConnectionString;
    }

    private async Task<SqliteConnection> Open()
    {
        var connection = new SqliteConnection(connectionString.Value);
        try
        {
            await connection.OpenAsync();
            raw.sqlite3_busy_timeout(connection.Handle, BusyMilliseconds);
            if (!isWriteAhead)
            {
                // The file remembers it.
                Set(connection, "PRAGMA journal_mode = WAL");
                isWriteAhead = true;
            }

            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static void Set(SqliteConnection connection, string pragma)
    {
        using var command = connection.CreateCommand();
        command.CommandText = pragma;
        command.ExecuteNonQuery();
    }

    // The driver's calls are synchronous and know no token; SQLite's own interrupt is what reaches a running statement.
    private static CancellationTokenRegistration Interrupt(
        SqliteConnection connection, CancellationToken cancellation) => cancellation.UnsafeRegister(
        static state => raw.sqlite3_interrupt(((SqliteConnection)state!).Handle), connection);
}
