using Gatehouse.Foundation.Data;
using Gatehouse.Testing;
using Npgsql;
using static Gatehouse.Gateway.Tests.Registry.Members;

namespace Gatehouse.Gateway.Tests.Registry;

/// <summary>Two gateways on one PostgreSQL.</summary>
public sealed class SharedRegistryTests
{
    // Sooner than one looks of oneself.
    private static readonly TimeSpan Told = TimeSpan.FromSeconds(0.9);
    private static readonly TimeSpan Seen = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Who_registers_with_one_gateway_is_asked_by_the_other_too_whatever_their_clocks_say()
    {
        await using var database = TestDatabase.Create(DatabaseProvider.Postgres);
        await using var first = await GatewayNode.Start(database, TimeProvider.System);
        await using var other = await GatewayNode.Start(database, new WrongClock());
        // Until it listens, it may only see.
        await first.Store.Put(Of("shop", "warm", lease: 100), Cancellation);
        await Poll.Until(() => other.Ids == "shop/warm", Seen, "the other to see", Cancellation);

        await Poll.Until(
            async () =>
            {
                await first.Store.Remove(Of("shop", "a").Key, Cancellation);
                await Poll.Until(() => other.Ids == "shop/warm", Seen, "the other to have it no more", Cancellation);
                await first.Store.Put(Of("shop", "a", lease: 2), Cancellation);
                try
                {
                    await Poll.Until(() => other.Ids == "shop/a shop/warm", Told, "the other to be told", Cancellation);
                    return true;
                }
                catch (TimeoutException)
                {
                    return false;
                }
            },
            Seen, "the other to be told");

        await Poll.Until(() => other.Ids == "shop/warm", Seen, "its lease to end there", Cancellation);
        await Poll.Until(() => first.Ids == "shop/warm", Seen, "its lease to end here", Cancellation);
    }

    [Fact]
    public async Task A_database_that_is_stopped_takes_nobody_away_and_gives_everybody_time_when_it_is_back()
    {
        using var server = PostgresServer.StartDurable();
        await using var database = TestDatabase.CreateOn(server);
        await using var node = await GatewayNode.Start(database, TimeProvider.System);
        await node.Store.Put(Of("shop", "a", lease: 3), Cancellation);
        await node.Store.Put(Of("shop", "b", lease: 3), Cancellation);
        await Poll.Until(() => node.Ids == "shop/a shop/b", Seen, "both to be there", Cancellation);

        server.Kill();
        await Poll.Until(() => node.Members.IsLost, Seen, "the loss to be noticed", Cancellation);
        await Poll.Until(
            () => node.Members.LostFor > TimeSpan.FromSeconds(4), Seen, "both leases to be over", Cancellation);
        Assert.Equal("shop/a shop/b", node.Ids);

        server.Start();
        await Poll.Until(() => !node.Members.IsLost, Seen, "the database to be found", Cancellation);
        Assert.Equal("shop/a shop/b", node.Ids);
        await node.Store.Put(Of("shop", "b", lease: 100), Cancellation);
        await Poll.Until(() => node.Ids == "shop/b", Seen, "who says nothing to go", Cancellation);
    }

    [Fact]
    public async Task A_database_that_is_read_only_takes_nobody_away()
    {
        using var server = PostgresServer.StartDurable();
        await using var database = TestDatabase.CreateOn(server);
        await using var node = await GatewayNode.Start(database, TimeProvider.System);
        await node.Store.Put(Of("shop", "a", lease: 3), Cancellation);
        await Poll.Until(() => node.Ids == "shop/a", Seen, "it to be there", Cancellation);

        await Execute(database, "ALTER SYSTEM SET default_transaction_read_only = on");

        await Poll.Until(
            () => node.Members.LostFor > TimeSpan.FromSeconds(4), Seen, "the loss to be noticed", Cancellation);
        Assert.Equal("shop/a", node.Ids);

        await Execute(database, "ALTER SYSTEM RESET default_transaction_read_only");
        await Poll.Until(() => !node.Members.IsLost, Seen, "the database to be written", Cancellation);
        Assert.Equal("shop/a", node.Ids);
    }

    [Fact]
    public async Task A_cluster_that_comes_with_a_new_file_has_its_members_before_its_first_request()
    {
        await using var database = TestDatabase.Create(DatabaseProvider.Sqlite);
        await using var node = await GatewayNode.Start(database, TimeProvider.System);
        await node.Store.Put(Of("shop", "a", lease: 100), Cancellation);
        await Poll.Until(() => node.Ids == "shop/a", Seen, "it to be there", Cancellation);

        Assert.Equal(1, node.TargetsOfNew("more", "shop"));
    }

    private static async Task Execute(TestDatabase database, string change)
    {
        await using var connection = new NpgsqlConnection($"{database.Options.Connection};Pooling=false");
        await connection.OpenAsync(Cancellation);
        foreach (var sql in new[] { change, "SELECT pg_reload_conf()" })
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(Cancellation);
        }
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A day off.</summary>
    private sealed class WrongClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddDays(-1);
    }
}
