using System.Data.Common;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Tests.Jobs;
using Gatehouse.Testing;

namespace Gatehouse.Foundation.Tests.Data;

public sealed class PostgresDatabaseTests
{
    [Fact]
    public async Task Server_ends_a_transaction_whose_instance_has_vanished()
    {
        await using var test = TestDatabase.Create(DatabaseProvider.Postgres);
        await using var database = DataRegistration.Open("journal", test.Options);

        await using var session = await database.Read(TestContext.Current.CancellationToken);

        Assert.Equal("10s", await session.QueryFirst<string>("SHOW idle_in_transaction_session_timeout"));
        Assert.Equal("10", await session.QueryFirst<string>("SHOW tcp_keepalives_idle"));
    }

    [OnEveryDatabase]
    public async Task What_is_not_committed_is_undone_and_the_turn_to_write_passes_on(DatabaseProvider provider)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var test = TestDatabase.Create(provider);
        await using var database = DataRegistration.Open("journal", test.Options);
        await using (var made = await database.Begin(cancellation))
        {
            await made.Execute(made.Text("SELECT 1", "CREATE SCHEMA journal"));
            await made.Execute("CREATE TABLE lines (n integer PRIMARY KEY)");
            await made.Commit();
        }

        await using (var undone = await database.Begin(cancellation))
        {
            await undone.Execute("INSERT INTO lines (n) VALUES (1)");
        }

        await using var next = await database.Begin(cancellation);
        await next.Execute("INSERT INTO lines (n) VALUES (1)");
        var twice = await Assert.ThrowsAnyAsync<Exception>(() => next.Execute("INSERT INTO lines (n) VALUES (1)"));

        Assert.True(DatabaseFaults.IsUniqueViolation(twice));
        Assert.False(DatabaseFaults.IsUnavailable(twice));
    }

    [OnEveryDatabase]
    public async Task Failure_that_somebody_swallowed_is_no_commit(DatabaseProvider provider)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var workshop = await Workshop.Open(provider);
        await using (var unit = await workshop.Database.Begin(cancellation))
        {
            await unit.Execute("INSERT INTO effects (id, what) VALUES (@id, 'before')", new { id = Guid.NewGuid() });
            var failure = await Assert.ThrowsAnyAsync<Exception>(
                () => unit.Execute("INSERT INTO effects (id, what) VALUES (NULL, 'failed')"));

            var thrown = await Assert.ThrowsAsync<TransactionFailedException>(unit.Commit);
            Assert.Same(failure, thrown.InnerException);
        }

        Assert.Equal(0, await workshop.Count("effects"));
    }

    [OnEveryDatabase]
    public async Task What_is_put_off_comes_before_what_is_asked_and_before_the_commit(DatabaseProvider provider)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var workshop = await Workshop.Open(provider);
        await using (var unit = await workshop.Database.Begin(cancellation))
        {
            await unit.PutOff(Insert, Effect("first"));
            await unit.PutOff("UPDATE effects SET what = @what", new { what = "changed" });
            Assert.Equal("changed", await unit.QueryFirst<string>("SELECT what FROM effects"));
            await unit.PutOff(Insert, Effect("last"));
            await unit.Commit();
        }

        await using (var undone = await workshop.Database.Begin(cancellation))
        {
            await undone.PutOff(Insert, Effect("never"));
        }

        Assert.Equal(2, await workshop.Count("effects"));
    }

    [OnEveryDatabase]
    public async Task Failure_of_what_was_put_off_is_no_commit(DatabaseProvider provider)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var workshop = await Workshop.Open(provider);
        await using (var unit = await workshop.Database.Begin(cancellation))
        {
            var thrown = await Assert.ThrowsAnyAsync<DbException>(async () =>
            {
                await unit.PutOff(Insert, Effect("sound"));
                await unit.PutOff("INSERT INTO effects (id, what) VALUES (NULL, @what)", new { what = "failed" });
                await unit.Commit();
            });

            Assert.False(DatabaseFaults.IsUnavailable(thrown));
            await Assert.ThrowsAsync<TransactionFailedException>(unit.Commit);
        }

        Assert.Equal(0, await workshop.Count("effects"));
    }

    private const string Insert = "INSERT INTO effects (id, what) VALUES (@id, @what)";

    private static object Effect(string what) => new { id = Guid.NewGuid(), what };
}
