using Gatehouse.Foundation.Data;
using Npgsql;

namespace Gatehouse.Testing.Tests;

public sealed class PostgresServerTests
{
    [Fact]
    public async Task Committed_rows_survive_a_kill_and_a_restart()
    {
        using var server = PostgresServer.StartDurable();
        var connection = server.CreateDatabase();
        await Execute(connection, "CREATE TABLE kept (n integer); INSERT INTO kept VALUES (7)");

        server.Kill();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => Execute(connection, "SELECT 1"));
        server.Start();

        Assert.Equal(7, await Execute(connection, "SELECT n FROM kept"));
    }

    [Fact]
    public async Task A_paused_server_answers_only_after_it_is_resumed()
    {
        using var server = PostgresServer.StartDurable();
        // It takes a connection and a statement, and then the driver's own patience ends, of one second; to cancel it
        // opens another connection, which hangs for as long as connections may.
        var database = server.CreateDatabase() + ";Command Timeout=1;Cancellation Timeout=-1;Timeout=2";
        await using var source = NpgsqlDataSource.Create(database);
        await using var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("SELECT 1", connection);

        server.Pause();
        var hung = await Assert.ThrowsAnyAsync<NpgsqlException>(
            () => command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        Assert.IsType<TimeoutException>(hung.InnerException);

        server.Resume();
        Assert.Equal(1, await Execute(database, "SELECT 1"));
    }

    [OnEveryDatabase]
    public async Task Two_test_databases_share_nothing(DatabaseProvider provider)
    {
        await using var one = TestDatabase.Create(provider);
        await using var other = TestDatabase.Create(provider);

        Assert.Equal(provider, one.Provider);
        Assert.NotEqual(one.Options.Path, other.Options.Path);
        if (provider == DatabaseProvider.Postgres)
        {
            await Execute(one.Options.Connection!, "CREATE TABLE mine (n integer)");
            await Assert.ThrowsAsync<PostgresException>(() => Execute(other.Options.Connection!, "SELECT n FROM mine"));
        }
    }

    private static async Task<object?> Execute(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
