using Gatehouse.Foundation.Data;
using Gatehouse.Testing;

namespace Gatehouse.Host.Tests.Commands;

public sealed class CheckCommandTests : IDisposable
{
    private const string OneKey = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
    private const string AnotherKey = "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI=";

    private readonly Executable gatehouse = new();

    public void Dispose() => gatehouse.Dispose();

    [Theory]
    [InlineData("check")]
    [InlineData("migrate", "status")]
    public async Task Looking_makes_nothing(params string[] command)
    {
        var outcome = await gatehouse.Run(command);

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
        Assert.Empty(Directory.EnumerateFileSystemEntries(gatehouse.Folder));
    }

    [Fact]
    public async Task What_does_not_exist_yet_is_told_with_its_full_path()
    {
        var outcome = await gatehouse.Run("check");

        Assert.Contains(
            "database identity: does not exist yet, will be made at start: " +
            Path.Combine(gatehouse.Folder, "data", "identity.db"),
            outcome.Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_database_is_looked_at_whatever_the_others_do()
    {
        await gatehouse.Run("migrate", "up");
        await File.WriteAllTextAsync(
            Path.Combine(gatehouse.Folder, "data", "identity.db"), new string('x', 8192));

        var outcome = await gatehouse.Run("check");

        Assert.Equal(1, outcome.ExitCode);
        Assert.StartsWith("FAULT    database identity: ", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("fine     migration ticketing 0001", outcome.Output, StringComparison.Ordinal);
    }

    [OnEveryDatabase]
    public async Task A_signing_key_that_the_secret_key_does_not_open_is_a_fault(DatabaseProvider provider)
    {
        await using var database = TestDatabase.Create(provider);
        await StartOnce(database);

        Use(database, AnotherKey);
        var wrong = await gatehouse.Run("check");
        Use(database, OneKey);
        var right = await gatehouse.Run("check");

        Assert.Equal(1, wrong.ExitCode);
        Assert.StartsWith("FAULT    signing key: ", wrong.Errors, StringComparison.Ordinal);
        Assert.Equal((0, ""), (right.ExitCode, right.Errors));
        Assert.Contains("fine     signing key\n", right.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_administrator_who_could_not_be_made_is_a_fault_before_there_is_a_database()
    {
        gatehouse.Variables["GATEHOUSE_ADMIN__EMAIL"] = "root";
        gatehouse.Variables["GATEHOUSE_ADMIN__PASSWORD"] = "short";

        var outcome = await gatehouse.Run("check");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("GATEHOUSE_ADMIN__EMAIL ", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("GATEHOUSE_ADMIN__PASSWORD must have 8 to 128", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redis_and_the_broker_are_tried_where_they_are_set()
    {
        using var redis = RedisServer.Start();
        gatehouse.Variables["GATEHOUSE_REDIS__CONNECTION"] = redis.Connection;
        gatehouse.Variables["GATEHOUSE_BROKER__CONNECTION"] = $"{RabbitServer.Shared.Address}";
        var right = await gatehouse.Run("check");
        Assert.StartsWith("+OK", redis.Type("CONFIG SET requirepass other"), StringComparison.Ordinal);
        gatehouse.Variables["GATEHOUSE_REDIS__CONNECTION"] += ",password=gallows";
        gatehouse.Variables["GATEHOUSE_BROKER__CONNECTION"] =
            $"amqp://guest:gallows@{RabbitServer.Shared.Address.Authority}/";
        var refused = await gatehouse.Run("check");
        gatehouse.Variables["GATEHOUSE_REDIS__CONNECTION"] = $"127.0.0.1:{LoopbackPort.Free()},password=gallows";
        gatehouse.Variables["GATEHOUSE_BROKER__CONNECTION"] = $"amqp://guest:gallows@127.0.0.1:{LoopbackPort.Free()}/";
        var absent = await gatehouse.Run("check");

        Assert.Equal((0, ""), (right.ExitCode, right.Errors));
        Assert.Contains("fine     redis\nfine     broker\n", right.Output, StringComparison.Ordinal);
        Assert.Matches(
            "^FAULT    redis: it refuses .*GATEHOUSE_REDIS__CONNECTION.*\nFAULT    broker: it refuses user or password",
            refused.Errors);
        Assert.Matches(
            "^FAULT    redis: it cannot be reached .*GATEHOUSE_REDIS__CONNECTION.*\nFAULT    broker: it cannot be",
            absent.Errors);
        Assert.DoesNotContain("gallows", refused.Errors + absent.Errors, StringComparison.Ordinal);
    }

    /// <summary>The first start makes and seals the signing key.</summary>
    private static async Task StartOnce(TestDatabase database)
    {
        var settings = new Dictionary<string, string>(database.Settings) { ["GATEHOUSE_SECRETS__KEY"] = OneKey };
        using var process = await GatehouseProcess.Start(settings);
        Assert.Equal(0, await process.Terminate());
    }

    private void Use(TestDatabase database, string key)
    {
        foreach (var (name, value) in database.Settings)
        {
            gatehouse.Variables[name] = value;
        }

        gatehouse.Variables["GATEHOUSE_SECRETS__KEY"] = key;
    }
}
