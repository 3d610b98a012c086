using Gatehouse.Foundation.Data;
using Gatehouse.Testing;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>What stops a start, and says why.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task Production_on_PostgreSQL_without_a_secret_does_not_start()
    {
        await using var database = TestDatabase.Create(DatabaseProvider.Postgres);
        var settings = new Dictionary<string, string>(database.Settings) { ["GATEHOUSE_ENVIRONMENT"] = "Production" };
        var start = await GatehouseProcess.Run(settings, ["serve"]);

        Assert.Equal(1, start.ExitCode);
        Assert.Contains("GATEHOUSE_SECRETS__KEY", start.Errors, StringComparison.Ordinal);
        Assert.Contains("required", start.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", start.Errors + start.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_wrong_setting_is_told_at_once()
    {
        var start = await GatehouseProcess.Run(
            new Dictionary<string, string>
            {
                ["GATEHOUSE_DATABASE__PROVIDER"] = "oracle",
                ["GATEHOUSE_HTTP__BODYBYTESMAX"] = "many",
                ["GATEHOUSE_HTP__URL"] = "http://localhost:1",
            },
            ["serve"]);

        Assert.Equal(1, start.ExitCode);
        foreach (var said in new[] { "GATEHOUSE_DATABASE__PROVIDER", "GATEHOUSE_HTTP__BODYBYTESMAX",
            "GATEHOUSE_HTP__URL", "GATEHOUSE_HTTP__URL" })
        {
            Assert.Contains(said, start.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_database_that_is_not_there_stops_the_start_with_one_sentence()
    {
        var start = await GatehouseProcess.Run(
            new Dictionary<string, string>
            {
                ["GATEHOUSE_ENVIRONMENT"] = "Development",
                ["GATEHOUSE_DATABASE__PROVIDER"] = "postgres",
                ["GATEHOUSE_DATABASE__CONNECTION"] =
                    $"Host=127.0.0.1;Port={LoopbackPort.Free()};Database=none;Username=none;Password=hush",
            },
            ["serve"]);

        Assert.Equal(1, start.ExitCode);
        Assert.Contains("database", start.Errors, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("hush", start.Errors + start.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", start.Errors + start.Output, StringComparison.Ordinal);
    }

    [OnEveryDatabase]
    public async Task A_migration_that_was_edited_after_it_was_applied_stops_the_start(DatabaseProvider provider)
    {
        await using var database = TestDatabase.Create(provider);
        var settings = new Dictionary<string, string>(database.Settings) { ["GATEHOUSE_ENVIRONMENT"] = "Development" };
        Assert.Equal(0, (await GatehouseProcess.Run(settings, ["migrate", "up"])).ExitCode);
        var ledger = new Ledger(database.Options);
        await ledger.Execute("ticketing", "UPDATE schema_migrations SET checksum = 'another' WHERE version = '0001'");

        foreach (var command in new[] { "serve", "check" })
        {
            var refused = await GatehouseProcess.Run(settings, [command]);
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains("ticketing", refused.Errors, StringComparison.Ordinal);
            Assert.Contains("edited", refused.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", refused.Errors + refused.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_start_in_Production_on_SQLite_needs_nothing_and_seeds_nothing()
    {
        await using var database = TestDatabase.Create(DatabaseProvider.Sqlite);
        using var gatehouse = await GatehouseProcess.Start(
            new Dictionary<string, string>(database.Settings) { ["GATEHOUSE_ENVIRONMENT"] = "Production" });

        var events = (await new Api(gatehouse.Client).Get("/events?page=1")).Is(200);
        Assert.Equal(0, events.Number("total"));
        Assert.Equal(0, await new Ledger(database.Options).Accounts("admin@example.org"));
        Assert.Equal(0, await gatehouse.Terminate());
    }
}
