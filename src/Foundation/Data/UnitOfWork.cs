using System.Data.Common;

namespace Gatehouse.Foundation.Data;

/// <summary>
/// A transaction: state, outbox and idempotency key together, or nothing. Never a remote call inside.
/// </summary>
public sealed class UnitOfWork : DbSession
{
    private readonly Action? release;
    private readonly Database database;
    private HashSet<string>? announced;
    private List<Func<Task>>? lastSteps;
    private DbBatch? putOff;

    internal UnitOfWork(
        Database database,
        DbConnection connection,
        DbTransaction transaction,
        int commandSeconds,
        CancellationToken cancellation,
        CancellationTokenRegistration registration = default,
        Action? release = null)
        : base(database, connection, commandSeconds, cancellation, registration)
    {
        Transaction = transaction;
        this.database = database;
        this.release = release;
    }

    protected override DbTransaction Transaction { get; }

    /// <summary>
    /// Runs the statement before the next one that is asked for something, or with the COMMIT: statements that follow
    /// each other go to PostgreSQL on one way. What it throws, the later one throws.
    /// </summary>
    /// <param name="sql">With a parameter for each property.</param>
    /// <param name="args">One object; to SQLite, which is no way off and runs it at once, a list too.</param>
    public Task PutOff(string sql, object args)
    {
        if (!Connection.CanCreateBatch)
        {
            return Execute(sql, args);
        }

        putOff ??= Connection.CreateBatch();
        putOff.BatchCommands.Add(BatchParameters.Command(putOff, sql, args));
        return Task.CompletedTask;
    }

    /// <summary>
    /// Wakes those who wait for the topic once this is committed: in this process, and where nobody here waits, in
    /// others by NOTIFY. Only then, since PostgreSQL commits transactions that notify one after another.
    /// </summary>
    public async Task Announce(string topic)
    {
        announced ??= new HashSet<string>(StringComparer.Ordinal);
        if (announced.Add(topic) && IsPostgres && !database.Signal(topic).IsHeard)
        {
            await PutOff(Sql.Notify.Postgres, new { channel = $"gatehouse_{database.Name}", topic });
        }
    }

    /// <summary>
    /// Runs when all else is written: for a row that every transaction wants, which none may hold while it waits for
    /// another.
    /// </summary>
    internal void BeforeCommit(Func<Task> step) => (lastSteps ??= []).Add(step);

    /// <summary>
    /// Makes it durable. A commit that has begun is not cancelled, and one that fails for lack of an answer may have
    /// been done: <see cref="OutcomeUnknownException"/> says so. Throws <see cref="TransactionFailedException"/> when a
    /// statement failed before.
    /// </summary>
    public async Task Commit()
    {
        foreach (var step in lastSteps ?? [])
        {
            await step();
        }

        await BeforeStatement();
        // PostgreSQL undoes such a transaction at COMMIT, and answers as if all were well; SQLite would keep the rest.
        if (FirstFailure is not null)
        {
            throw new TransactionFailedException(FirstFailure);
        }

        await StopInterrupting();
        try
        {
            await InTime(Transaction.CommitAsync(CancellationToken.None), CancellationToken.None);
        }
        catch (Exception exception) when (DatabaseFaults.IsUnavailable(exception))
        {
            throw new OutcomeUnknownException(exception);
        }

        foreach (var topic in announced ?? [])
        {
            database.Signal(topic).Set();
        }
    }

    protected override async ValueTask BeforeStatement()
    {
        if (putOff is { } statements)
        {
            putOff = null;
            // One that failed may still be under way: it goes with the connection, which is closed when it is let go.
            await Execute(statements);
            await statements.DisposeAsync();
        }
    }

    protected override async ValueTask Close()
    {
        putOff?.Dispose();
        try
        {
            await Transaction.DisposeAsync();
        }
        finally
        {
            try
            {
                await base.Close();
            }
            finally
            {
                release?.Invoke();
            }
        }
    }

    private static class Sql
    {
        public static class Notify
        {
            public const string Postgres = "SELECT pg_notify(@channel, @topic)";
        }
    }
}

/// <summary>The database did not answer a COMMIT: what was written is durable, or never was.</summary>
public sealed class OutcomeUnknownException(Exception inner)
    : Exception("The database did not answer a commit.", inner);

/// <summary>Somebody caught what a statement threw, and then wanted to commit: nothing was.</summary>
public sealed class TransactionFailedException(Exception inner)
    : Exception("A statement of this transaction failed, so that nothing of it is committed.", inner);
