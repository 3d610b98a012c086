using System.Data;
using System.Data.Common;
using Gatehouse.Foundation.Resilience;
using Npgsql;

namespace Gatehouse.Foundation.Data;

/// <summary>A schema of a PostgreSQL database, with a connection pool of its own.</summary>
internal sealed class PostgresDatabase : Database
{
    // An instance that vanishes or freezes in the middle of a transaction holds its row locks until the server gives it
    // up: without these, for as long as TCP believes in it.
    private const string ServerBounds =
        "-c idle_in_transaction_session_timeout=10s " +
        "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3";

    private readonly NpgsqlDataSource source;

    public PostgresDatabase(string name, DatabaseOptions options)
        : base(name, options)
    {
        var connection = new NpgsqlConnectionStringBuilder(options.Connection)
        {
            ApplicationName = $"gatehouse-{name}",
            SearchPath = name,
            MinPoolSize = options.PoolMin,
            MaxPoolSize = options.PoolMax,
            ConnectionLifetime = 3600,
            ConnectionIdleLifetime = 1800,
            Timeout = options.ConnectSeconds,
            CommandTimeout = options.CommandSeconds,
            CancellationTimeout = 1000,
            // The listener only waits: without these it would wait on a server that vanished.
            TcpKeepAlive = true,
            TcpKeepAliveTime = 10,
            TcpKeepAliveInterval = 5,
            MaxAutoPrepare = 64,
            AutoPrepareMinUsages = 2,
            // But for the one LISTEN nothing lasts longer than its transaction: there is nothing to undo at every use.
            NoResetOnClose = true,
        };
        connection.Options = $"{connection.Options} {ServerBounds}".Trim();
        source = NpgsqlDataSource.Create(connection);
    }

    public override DatabaseProvider Provider => DatabaseProvider.Postgres;

    public override string Place => $"schema {Name}";

    public override async Task<DbSession> Read(CancellationToken cancellation)
    {
        var (connection, pass) = await Open(cancellation);
        return new DbSession(this, connection, CommandSeconds, cancellation) { Pass = pass };
    }

    public override ValueTask DisposeAsync() => source.DisposeAsync();

    internal override DbDataSource Source => source;

    internal override async Task Listen(CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        connection.Notification += (_, notice) => Signal(notice.Payload).Set();
        await using (var listen = connection.CreateCommand())
        {
            // A channel cannot be a parameter; DataRegistration lets no name in but lower-case letters.
            listen.CommandText = $"LISTEN gatehouse_{Name}";
            await listen.ExecuteNonQueryAsync(cancellation);
        }

        while (true)
        {
            await connection.WaitAsync(cancellation);
        }
    }

    internal override async Task<UnitOfWork> Begin(int commandSeconds, CancellationToken cancellation)
    {
        var (connection, pass) = await Open(cancellation);
        try
        {
            var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
            return new UnitOfWork(this, connection, transaction, commandSeconds, cancellation) { Pass = pass };
        }
        catch (Exception exception)
        {
            pass.Failed(exception, cancellation);
            await connection.DisposeAsync();
            throw;
        }
    }

    internal override async Task<UnitOfWork> BeginForgettable(CancellationToken cancellation)
    {
        var unit = await Begin(CommandSeconds, cancellation);
        try
        {
            await unit.Execute("SELECT set_config('synchronous_commit', 'off', true)");
            return unit;
        }
        catch
        {
            await unit.DisposeAsync();
            throw;
        }
    }

    // A connection of the pool says nothing of the server: whether that answers shows in the first statement.
    private async ValueTask<(NpgsqlConnection Connection, DependencyPass Pass)> Open(CancellationToken cancellation) =>
        Guard is null
            ? (await source.OpenConnectionAsync(cancellation), default)
            : await Guard.Open(source.OpenConnectionAsync, cancellation);

    internal override async Task PrepareForMigration(UnitOfWork unit)
    {
        await unit.Execute("SELECT pg_advisory_xact_lock(hashtext(@name))", new { name = $"gatehouse/migrate/{Name}" });
        // A schema cannot be a parameter; DataRegistration lets no name in but lower-case letters.
        await unit.Execute($"CREATE SCHEMA IF NOT EXISTS {Name}");
    }
}
