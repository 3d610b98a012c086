using System.Data.Common;
using Dapper;
using Gatehouse.Foundation.Resilience;

namespace Gatehouse.Foundation.Data;

/// <summary>An open connection. Cancelling the token it was opened with cancels the statement that runs.</summary>
public class DbSession : IAsyncDisposable
{
    private readonly Database database;
    private readonly CancellationTokenRegistration registration;
    private readonly int commandSeconds;
    private Task? abandoned;

    internal DbSession(
        Database database,
        DbConnection connection,
        int commandSeconds,
        CancellationToken cancellation,
        CancellationTokenRegistration registration = default)
    {
        this.database = database;
        this.commandSeconds = commandSeconds;
        this.registration = registration;
        Connection = connection;
        Cancellation = cancellation;
    }

    /// <summary>Picks the statement for this engine where a hot one is written twice.</summary>
    public string Text(string sqlite, string postgres) => IsPostgres ? postgres : sqlite;

    public bool IsPostgres => database.Provider == DatabaseProvider.Postgres;

    /// <summary>Tells whether the database answers.</summary>
    internal DependencyPass Pass { get; init; }

    protected DbConnection Connection { get; }

    /// <summary>What the first statement that failed threw.</summary>
    protected Exception? FirstFailure { get; private set; }

    protected virtual DbTransaction? Transaction => null;

    protected CancellationToken Cancellation { get; }

    public async Task<IReadOnlyList<T>> Query<T>(string sql, object? args = null)
    {
        await BeforeStatement();
        try
        {
            return (await InTime(Connection.QueryAsync<T>(Command(sql, args)))).AsList();
        }
        catch (DbException exception)
        {
            throw database.Translate(exception, Cancellation);
        }
    }

    /// <summary>The first row, or the default where there is none.</summary>
    public async Task<T?> QueryFirst<T>(string sql, object? args = null)
    {
        await BeforeStatement();
        try
        {
            return await InTime(Connection.QueryFirstOrDefaultAsync<T>(Command(sql, args)));
        }
        catch (DbException exception)
        {
            throw database.Translate(exception, Cancellation);
        }
    }

    /// <summary>
    /// Runs the statement, once for each element where <paramref name="args"/> is a list; answers the rows changed.
    /// </summary>
    public async Task<int> Execute(string sql, object? args = null)
    {
        await BeforeStatement();
        try
        {
            return await InTime(Connection.ExecuteAsync(Command(sql, args)));
        }
        catch (DbException exception)
        {
            throw database.Translate(exception, Cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (abandoned is null)
        {
            await Close();
            return;
        }

        _ = CloseWhenLetGo(abandoned);
    }

    /// <summary>
    /// Waits for the engine no longer than a statement may take. A server that hangs answers a cancellation no more
    /// than a statement, and the driver waits for that answer: the caller goes on, and the connection is closed
    /// when it is let go.
    /// </summary>
    protected async Task InTime(Task work, CancellationToken cancellation)
    {
        try
        {
            await work.WaitAsync(TimeSpan.FromSeconds(commandSeconds), cancellation);
            Pass.Succeeded();
        }
        catch (Exception exception)
        {
            Pass.Failed(exception, cancellation);
            FirstFailure ??= exception;
            if (!work.IsCompleted)
            {
                abandoned = work;
            }

            throw;
        }
    }

    /// <summary>What was put off comes first.</summary>
    protected virtual ValueTask BeforeStatement() => default;

    /// <summary>Several statements on one way to the engine and back.</summary>
    protected async Task Execute(DbBatch statements)
    {
        statements.Transaction = Transaction;
        statements.Timeout = commandSeconds;
        try
        {
            await InTime(statements.ExecuteNonQueryAsync(Cancellation), Cancellation);
        }
        catch (DbException exception)
        {
            throw database.Translate(exception, Cancellation);
        }
    }

    /// <summary>From here on the caller's token interrupts nothing any more.</summary>
    protected ValueTask StopInterrupting() => registration.DisposeAsync();

    protected virtual async ValueTask Close()
    {
        Pass.Abandoned();
        await registration.DisposeAsync();
        await Connection.DisposeAsync();
    }

    private async Task<T> InTime<T>(Task<T> work)
    {
        await InTime(work, Cancellation);
        return await work;
    }

    private async Task CloseWhenLetGo(Task work)
    {
        try
        {
            await work;
        }
        catch (Exception)
        {
            // Its caller was answered when it was abandoned.
        }

        await Close();
    }

    private CommandDefinition Command(string sql, object? args) =>
        new(sql, args, Transaction, commandSeconds, cancellationToken: Cancellation);
}
