using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using Gatehouse.Foundation.Resilience;

namespace Gatehouse.Foundation.Data;

/// <summary>
/// One module's own database: a SQLite file or a PostgreSQL schema. Injected by the module's name as key.
/// No statement and no transaction crosses from one to another.
/// </summary>
public abstract class Database(string name, DatabaseOptions options) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Signal> signals = new(StringComparer.Ordinal);

    public string Name { get; } = name;

    /// <summary>Where it is, as an operator looks for it: a file or a schema.</summary>
    public abstract string Place { get; }

    public abstract DatabaseProvider Provider { get; }

    /// <summary>A connection to read with. Dispose it soon.</summary>
    public abstract Task<DbSession> Read(CancellationToken cancellation);

    /// <summary>
    /// A write transaction, undone unless committed. READ COMMITTED on PostgreSQL: each statement sees what was
    /// committed before it, so what is read after a row lock is current. On SQLite BEGIN IMMEDIATE: one writer at a
    /// time.
    /// </summary>
    public Task<UnitOfWork> Begin(CancellationToken cancellation) => Begin(CommandSeconds, cancellation);

    /// <summary>Set when a transaction that announced the topic was committed.</summary>
    public Signal Signal(string topic) => signals.GetOrAdd(topic, static _ => new Signal());

    /// <summary>How long the simplest statement takes; throws when the database does not answer.</summary>
    public async Task<TimeSpan> Ping(CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        await using var session = await Read(cancellation);
        await session.QueryFirst<int>("SELECT 1");
        return Stopwatch.GetElapsedTime(started);
    }

    public abstract ValueTask DisposeAsync();

    protected int CommandSeconds { get; } = options.CommandSeconds;

    /// <summary>Keeps callers from waiting for a database that does not answer; null where none does.</summary>
    internal Dependency? Guard { get; set; }

    /// <summary>
    /// Sets the signals that other processes announce, until cancelled; throws when the database lets go.
    /// </summary>
    internal virtual Task Listen(CancellationToken cancellation) => Task.Delay(Timeout.Infinite, cancellation);

    /// <summary>For what brings its own statements; null on SQLite.</summary>
    internal virtual DbDataSource? Source => null;

    /// <summary>Nothing is there, and a connection would make it.</summary>
    internal virtual bool IsAbsent => false;

    /// <summary>A transaction whose statements, and its turn to write, may take so long.</summary>
    internal abstract Task<UnitOfWork> Begin(int commandSeconds, CancellationToken cancellation);

    /// <summary>
    /// A transaction that a crash may undo although it was committed: for notes on what would merely be done again. Its
    /// commit waits for no disk.
    /// </summary>
    internal abstract Task<UnitOfWork> BeginForgettable(CancellationToken cancellation);

    /// <summary>
    /// Statements that make the place where the tables go, and keep a second migrator out until the transaction ends.
    /// </summary>
    internal abstract Task PrepareForMigration(UnitOfWork unit);

    internal virtual Exception Translate(DbException exception, CancellationToken cancellation) => exception;
}
