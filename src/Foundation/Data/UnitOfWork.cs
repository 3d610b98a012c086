using System.Data.Common;

namespace Gatehouse.Foundation.Data;

/// <summary>
/// A transaction: state, outbox and idempotency key together, or nothing. Never a remote call inside.
/// </summary>
public sealed class UnitOfWork : DbSession
{
    private readonly Action? release;

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
        this.release = release;
    }

    protected override DbTransaction Transaction { get; }

    /// <summary>Makes it durable. A commit that has begun is not cancelled: its outcome would be unknown.</summary>
    public Task Commit() => InTime(Transaction.CommitAsync(CancellationToken.None), CancellationToken.None);

    protected override async ValueTask Close()
    {
        try
        {
            await Transaction.DisposeAsync();
            await base.Close();
        }
        finally
        {
            release?.Invoke();
        }
    }
}
