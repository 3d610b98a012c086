namespace Gatehouse.Host.Tests.Commands;

public sealed class DatabaseCommandTests : IDisposable
{
    private readonly Executable gatehouse = new();

    public void Dispose() => gatehouse.Dispose();

    [Fact]
    public async Task Migrations_go_up_and_down_and_are_told()
    {
        var before = await gatehouse.Run("migrate", "status");
        var up = await gatehouse.Run("migrate", "up");
        var down = await gatehouse.Run("migrate", "down", "--module", "ticketing", "--steps", "100", "--yes");

        Assert.Equal((0, 0, 0), (before.ExitCode, up.ExitCode, down.ExitCode));
        Assert.All(Lines(before), line => Assert.EndsWith("pending", line, StringComparison.Ordinal));
        Assert.All(Lines(up), line => Assert.Contains(" applied ", line, StringComparison.Ordinal));
        Assert.All(Lines(down), line => Assert.Equal(
            line.StartsWith("ticketing", StringComparison.Ordinal),
            line.EndsWith("pending", StringComparison.Ordinal)));
        Assert.NotEmpty(Lines(before));
    }

    [Fact]
    public async Task Down_without_yes_shows_what_would_run_and_does_nothing()
    {
        await gatehouse.Run("migrate", "up");

        var down = await gatehouse.Run("migrate", "down", "--module", "ticketing", "--steps", "100");
        var after = await gatehouse.Run("migrate", "status");

        Assert.Equal((2, ""), (down.ExitCode, down.Output));
        Assert.Contains("DROP TABLE events", down.Errors, StringComparison.Ordinal);
        Assert.Contains("--yes", down.Errors, StringComparison.Ordinal);
        Assert.All(Lines(after), line => Assert.Contains(" applied ", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_module_that_is_not_there_is_refused_with_those_that_are()
    {
        var outcome = await gatehouse.Run("migrate", "up", "--module", "library");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("there are identity, ticketing", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_is_content_with_a_fresh_folder()
    {
        var outcome = await gatehouse.Run("check");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
        Assert.EndsWith("All is well.\n", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_names_faults_of_settings_secrets_and_databases_at_once()
    {
        var data = Directory.CreateDirectory(Path.Combine(gatehouse.Folder, "data")).FullName;
        await File.WriteAllTextAsync(Path.Combine(data, "secret.key"), "damaged");
        await File.WriteAllTextAsync(Path.Combine(data, "identity.db"), new string('x', 8192));
        gatehouse.Variables["GATEHOUSE_HTTP__BODYBYTESMAX"] = "lots";

        var outcome = await gatehouse.Run("check", "--set", "Http:Port=80");

        Assert.Equal(1, outcome.ExitCode);
        var faults = outcome.Errors.TrimEnd().Split('\n');
        Assert.Equal(4, faults.Length);
        Assert.Contains(faults, f => f.Contains("--set Http:Port", StringComparison.Ordinal));
        Assert.Contains(faults, f => f.Contains("GATEHOUSE_HTTP__BODYBYTESMAX", StringComparison.Ordinal));
        Assert.Contains(faults, f => f.Contains("secret key", StringComparison.Ordinal));
        Assert.Contains(faults, f => f.Contains("not a database", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Check_takes_pending_migrations_for_a_fault_where_the_start_does_not_apply_them()
    {
        var outcome = await gatehouse.Run("check", "--set", "Database:MigrateOnStart=false");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("is pending; run: gatehouse migrate up", outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_is_made_once_with_a_password_from_a_pipe()
    {
        gatehouse.Input = "a quiet river at dawn\n";
        string[] create = ["user", "create", "--email", "Ann@Example.org", "--role", "organizer", "--name", "Ann"];

        var first = await gatehouse.Run(create);
        var second = await gatehouse.Run(create);

        Assert.Equal((0, ""), (first.ExitCode, first.Errors));
        Assert.EndsWith(" ann@example.org organizer\n", first.Output, StringComparison.Ordinal);
        Assert.Equal((1, ""), (second.ExitCode, second.Output));
        Assert.StartsWith("gatehouse: ", second.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_password_variable_is_no_unknown_setting_and_a_bad_password_is_explained()
    {
        gatehouse.Variables["GATEHOUSE_USER_PASSWORD"] = "short";

        var outcome = await gatehouse.Run("user", "create", "--email", "ann@example.org", "--role", "user");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("password: ", outcome.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("short", outcome.Errors, StringComparison.Ordinal);
    }

    private static string[] Lines(Outcome outcome) => outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
