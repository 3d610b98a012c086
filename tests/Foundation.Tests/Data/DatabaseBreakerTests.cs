using System.Diagnostics;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Resilience;
using Gatehouse.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gatehouse.Foundation.Tests.Data;

public sealed class DatabaseBreakerTests
{
    private const int Failures = 5;
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_database_that_hangs_is_not_waited_for_after_five_silences_and_is_back_when_it_answers()
    {
        using var server = PostgresServer.StartDurable();
        await using var test = TestDatabase.CreateOn(server);
        test.Options.CommandSeconds = 1;
        await using var services = Services(test);
        var database = services.GetRequiredKeyedService<Database>("ticketing");
        await database.Ping(cancellation);
        server.Pause();
        try
        {
            var first = await Task.WhenAll(Enumerable.Range(0, Failures).Select(_ => Failure(database)));
            Assert.All(first, failure => Assert.True(DatabaseFaults.IsUnreachable(failure), $"{failure}"));

            var watch = Stopwatch.StartNew();
            var refused = await Failure(database);

            Assert.IsType<DependencyOpenException>(refused);
            Assert.True(DatabaseFaults.IsUnavailable(refused));
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1), $"It took {watch.Elapsed}.");
            Assert.Contains("database.ticketing", services.GetRequiredService<Dependencies>().NotClosed()!.Keys);
        }
        finally
        {
            server.Resume();
        }

        await Poll.Until(
            async () => await Record.ExceptionAsync(() => database.Ping(cancellation)) is null,
            TimeSpan.FromSeconds(10),
            "the database to be asked again");
        Assert.Null(services.GetRequiredService<Dependencies>().NotClosed());
    }

    [Fact]
    public async Task What_the_database_refuses_is_an_answer()
    {
        await using var test = TestDatabase.Create(DatabaseProvider.Postgres);
        await using var services = Services(test);
        var database = services.GetRequiredKeyedService<Database>("ticketing");
        for (var i = 0; i < 2 * Failures; i++)
        {
            await using var session = await database.Read(cancellation);
            await Assert.ThrowsAnyAsync<Exception>(() => session.QueryFirst<int>("SELECT 1 / 0"));
        }

        await database.Ping(cancellation);
    }

    private async Task<Exception> Failure(Database database) =>
        (await Record.ExceptionAsync(() => database.Ping(cancellation)))!;

    private static ServiceProvider Services(TestDatabase test) => new ServiceCollection()
        .AddSingleton(test.Options)
        .AddSingleton(TimeProvider.System)
        .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
        .AddModuleDatabase("ticketing", typeof(DatabaseBreakerTests).Assembly)
        .BuildServiceProvider();
}
