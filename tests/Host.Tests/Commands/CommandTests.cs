using System.Net;
using System.Net.Sockets;

namespace Gatehouse.Host.Tests.Commands;

public sealed class CommandTests : IDisposable
{
    private readonly Executable gatehouse = new();

    public void Dispose() => gatehouse.Dispose();

    [Theory]
    [InlineData("--bogus")]
    [InlineData("srve")]
    [InlineData("migrate")]
    [InlineData("migrate", "down")]
    [InlineData("migrate", "down", "--module", "identity", "--steps", "0")]
    [InlineData("--set", "Http:Url")]
    [InlineData("user", "create", "--email", "ann@example.org", "--role", "king")]
    public async Task Wrong_use_exits_with_2_and_says_where_help_is(params string[] arguments)
    {
        var outcome = await gatehouse.Run(arguments);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains("--help", outcome.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Usage:", "--help")]
    [InlineData("--url", "serve", "--help")]
    [InlineData("--steps", "migrate", "down", "--help")]
    [InlineData("gatehouse 0.", "version")]
    public async Task What_there_is_to_know_goes_to_standard_output(string expected, params string[] arguments)
    {
        var outcome = await gatehouse.Run(arguments);

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
        Assert.Contains(expected, outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://127.0.0.1:0", "all", "needs GATEHOUSE_GATEWAY__FILE")]
    [InlineData("https://127.0.0.1:0", "identity", "needs the module gateway")]
    [InlineData("http://127.0.0.1:0", "all", "must be an address such as https://*:8443")]
    [InlineData("https://127.0.0.1:0/x", "all", "must be an address such as https://*:8443")]
    public async Task Https_that_nothing_could_be_served_by_stops_the_start(string url, string modules, string said)
    {
        gatehouse.Variables["GATEHOUSE_HTTP__HTTPSURL"] = url;

        var outcome = await gatehouse.Run("--set", $"Modules={modules}");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains(said, outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_with_faulty_settings_names_them_all_and_exits_with_1()
    {
        gatehouse.Variables["GATEHOUSE_HTTP__ULR"] = "http://localhost:1";
        gatehouse.Variables["GATEHOUSE_DATABASE__PROVIDER"] = "mysql";

        var outcome = await gatehouse.Run("--set", "Modules=diary");
        var modules = string.Join(", ", Modules.All.Select(module => module.Name));

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.Equal(
            $"""
            gatehouse: The configuration has 3 faults:
              GATEHOUSE_HTTP__ULR (environment): is not a setting; did you mean GATEHOUSE_HTTP__URL?
              GATEHOUSE_DATABASE__PROVIDER = "mysql" (environment): must be one of sqlite, postgres
              --set Modules = "diary" (command line): there is no module diary; give all, or some of {modules}

            """,
            outcome.Errors);
    }

    [Fact]
    public async Task A_taken_port_is_told_in_one_line()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var url = $"http://{taken.LocalEndpoint}";

        var outcome = await gatehouse.Run("serve", "--url", url);

        Assert.Equal(1, outcome.ExitCode);
        Assert.StartsWith($"gatehouse: Cannot listen on {url}: ", outcome.Errors, StringComparison.Ordinal);
        Assert.Single(outcome.Errors.TrimEnd().Split('\n'));
        Assert.DoesNotContain("   at ", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_down_stops_the_start_without_telling_its_password()
    {
        gatehouse.Variables["GATEHOUSE_DATABASE__PROVIDER"] = "postgres";
        gatehouse.Variables["GATEHOUSE_DATABASE__CONNECTION"] = "Host=127.0.0.1;Port=1;Username=u;Password=hunter2";
        gatehouse.Variables["GATEHOUSE_SECRETS__KEY"] = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

        var outcome = await gatehouse.Run("serve");

        Assert.Equal(1, outcome.ExitCode);
        Assert.StartsWith("gatehouse: The database does not answer", outcome.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", outcome.Errors + outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Config_print_names_sources_and_masks_secrets_and_dotenv_stands_below_the_environment()
    {
        await File.WriteAllTextAsync(Path.Combine(gatehouse.Folder, ".env"),
            "GATEHOUSE_LOGGING__LEVEL=debug\nGATEHOUSE_DATABASE__POOLMAX=7\nGATEHOUSE_ADMIN__EMAIL=a@example.org\n");
        gatehouse.Variables["GATEHOUSE_LOGGING__LEVEL"] = "error";
        gatehouse.Variables["GATEHOUSE_ADMIN__PASSWORD"] = "hunter2";

        var outcome = await gatehouse.Run("config", "print", "--data", "/srv/gatehouse");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Errors));
        AssertLine("GATEHOUSE_LOGGING__LEVEL=error", "environment");
        AssertLine("GATEHOUSE_DATABASE__POOLMAX=7", ".env");
        AssertLine("GATEHOUSE_DATABASE__PATH=/srv/gatehouse", "command line");
        AssertLine("GATEHOUSE_ADMIN__PASSWORD=***", "environment");
        AssertLine("GATEHOUSE_HTTP__URL=http://localhost:8080", "default");

        void AssertLine(string setting, string source) => Assert.Contains(
            outcome.Output.Split('\n'),
            line => line.StartsWith(setting + " ", StringComparison.Ordinal) &&
                    line.EndsWith("# " + source, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_configuration_page_is_what_the_options_classes_say()
    {
        var page = Path.Combine(SourceFolder(), "docs", "configuration.md");

        var outcome = await gatehouse.Run("config", "reference");

        Assert.True(outcome.Output == await File.ReadAllTextAsync(page),
            "docs/configuration.md is not current: gatehouse config reference > docs/configuration.md");
    }

    private static string SourceFolder()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Gatehouse.slnx")))
        {
            folder = Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException("No Gatehouse.slnx above the tests.");
        }

        return folder;
    }
}
