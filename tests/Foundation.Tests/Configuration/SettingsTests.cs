using Gatehouse.Foundation.Configuration;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Telemetry;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Foundation.Tests.Configuration;

public sealed class SettingsTests : IDisposable
{
    private readonly SettingsFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Without_any_source_the_defaults_stand()
    {
        var settings = folder.Load();

        Assert.Empty(settings.Faults);
        Assert.Equal(RuntimeEnvironment.Production, settings.Environment);
        Assert.Equal(DatabaseProvider.Sqlite, settings.Get<DatabaseOptions>().Provider);
        Assert.True(settings.Get<RuntimeOptions>().Serves("ticketing"));
        Assert.All(settings.Entries, e => Assert.Equal("default", e.Source));
    }

    [Fact]
    public void Each_source_wins_over_those_before_it()
    {
        folder.Write("appsettings.json",
            """{ "Database": { "PoolMin": 1, "PoolMax": 11, "ConnectSeconds": 11, "CommandSeconds": 11 } }""");
        folder.Write("appsettings.Development.json",
            """{ "Database": { "PoolMax": 12, "ConnectSeconds": 12, "CommandSeconds": 12 } }""");
        folder.Write(".env",
            """
            GATEHOUSE_ENVIRONMENT=development
            GATEHOUSE_DATABASE__CONNECTSECONDS=13
            GATEHOUSE_DATABASE__COMMANDSECONDS=13
            OTHER=1
            """);
        folder.Variables["GATEHOUSE_DATABASE__COMMANDSECONDS"] = "14";
        folder.Variables["GATEHOUSE_DATABASE__PATH"] = "/env";
        folder.CommandLine.Add(new GivenSetting("--data", "Database:Path", "/line"));

        var settings = folder.Load();

        Assert.Empty(settings.Faults);
        var database = settings.Get<DatabaseOptions>();
        Assert.Equal((1, 12, 13, 14, "/line"),
            (database.PoolMin, database.PoolMax, database.ConnectSeconds, database.CommandSeconds, database.Path));
        Assert.Equal(
            ["appsettings.json", "appsettings.Development.json", ".env", "environment", "command line"],
            new[] { "POOLMIN", "POOLMAX", "CONNECTSECONDS", "COMMANDSECONDS", "PATH" }
                .Select(key => settings.Entries.Single(e => e.Key == $"GATEHOUSE_DATABASE__{key}").Source));
    }

    [Fact]
    public void All_faults_come_at_once_with_key_value_and_reason()
    {
        folder.Write("appsettings.json", """{ "Database": { "PoolMax": "many" }, "Databse": { "Path": "x" } }""");
        folder.Variables["GATEHOUSE_DATABASE__PROVIDER"] = "mysql";
        folder.Variables["GATEHOUSE_DATABASE__CONNECTSECONDS"] = "0";
        folder.Variables["GATEHOUSE_DATABSE__PATH"] = "/data";
        folder.Variables["GATEHOUSE_ADMIN__EMAIL"] = "root@example.org";
        folder.Variables["GATEHOUSE_MODULES"] = "box";

        var message = SettingFault.Message(folder.Load().Faults);

        Assert.Equal(
            """
            The configuration has 7 faults:
              Databse:Path (appsettings.json): is not a setting; did you mean Database:Path?
              GATEHOUSE_DATABSE__PATH (environment): is not a setting; did you mean GATEHOUSE_DATABASE__PATH?
              Database:PoolMax = "many" (appsettings.json): must be a whole number
              GATEHOUSE_DATABASE__CONNECTSECONDS = "0" (environment): must be 1 to 60
              GATEHOUSE_DATABASE__PROVIDER = "mysql" (environment): must be one of sqlite, postgres
              GATEHOUSE_ADMIN__PASSWORD: is required when the administrator's address is given
              GATEHOUSE_MODULES = "box" (environment): there is no module box; give all, or some of identity, ticketing
            """.Split('\n').Order(StringComparer.Ordinal),
            message.Split('\n').Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_secret_is_shown_neither_in_faults_nor_in_entries()
    {
        folder.Variables["GATEHOUSE_SECRETS__KEY"] = "hunter2hunter2";
        folder.Variables["GATEHOUSE_ADMIN__PASWORD"] = "hunter2hunter2";
        folder.Variables["GATEHOUSE_ADMIN__EMAIL"] = "root@example.org";
        folder.Variables["GATEHOUSE_ADMIN__PASSWORD"] = "hunter2hunter2";

        var settings = folder.Load();

        Assert.Equal(2, settings.Faults.Count);
        Assert.DoesNotContain("hunter2", SettingFault.Message(settings.Faults), StringComparison.Ordinal);
        Assert.DoesNotContain(settings.Entries, e => e.Value.Contains("hunter2", StringComparison.Ordinal));
        Assert.Equal("***", settings.Entries.Single(e => e.Key == "GATEHOUSE_ADMIN__PASSWORD").Value);
    }

    [Theory]
    [InlineData("Production", "postgres", null, true)]
    [InlineData("Production", "postgres", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=", false)]
    [InlineData("Production", "postgres", "c2hvcnQ=", true)]
    [InlineData("Production", "sqlite", null, false)]
    [InlineData("Development", "postgres", null, false)]
    public void The_secret_key_is_demanded_in_production_on_postgres(
        string environment, string provider, string? key, bool refused)
    {
        folder.Variables["GATEHOUSE_ENVIRONMENT"] = environment;
        folder.Variables["GATEHOUSE_DATABASE__PROVIDER"] = provider;
        folder.Variables["GATEHOUSE_DATABASE__CONNECTION"] = "Host=localhost";
        folder.Variables["GATEHOUSE_SECRETS__KEY"] = key;

        var faults = folder.Load().Faults;

        Assert.Equal(refused ? ["GATEHOUSE_SECRETS__KEY"] : [], faults.Select(f => f.Key));
    }

    [Theory]
    [InlineData("gatehouse_logging__level", "DEBUG", LogLevel.Debug)]
    [InlineData("GATEHOUSE_LOGGING__LEVEL", " warning ", LogLevel.Warning)]
    [InlineData("GATEHOUSE_LOGGING__LEVEL", "", LogLevel.Information)]
    public void Keys_and_names_are_read_in_any_case_and_an_empty_value_means_the_default(
        string key, string value, LogLevel level)
    {
        folder.Variables[key] = value;

        var settings = folder.Load();

        Assert.Empty(settings.Faults);
        Assert.Equal(level, settings.Get<LoggingOptions>().Level);
    }

    [Theory]
    [InlineData("3")]
    [InlineData("verbose")]
    public void A_level_is_given_by_its_name(string value)
    {
        folder.Variables["GATEHOUSE_LOGGING__LEVEL"] = value;

        var fault = Assert.Single(folder.Load().Faults);

        Assert.StartsWith("must be one of trace, debug, information", fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Variables_that_kubernetes_adds_for_a_service_are_not_ours()
    {
        folder.Variables["GATEHOUSE_SERVICE_HOST"] = "10.0.0.1";
        folder.Variables["GATEHOUSE_IDENTITY_SERVICE_PORT_HTTP"] = "8080";
        folder.Variables["GATEHOUSE_PORT"] = "tcp://10.0.0.1:8080";
        folder.Variables["GATEHOUSE_PORT_8080_TCP_ADDR"] = "10.0.0.1";
        folder.Variables["GATEHOUSE_HTTP_PORT"] = "8080";

        Assert.Equal("GATEHOUSE_HTTP_PORT", Assert.Single(folder.Load().Faults).Key);
    }

    [Fact]
    public void The_same_variable_in_two_spellings_is_refused()
    {
        folder.Variables["GATEHOUSE_DATABASE__PATH"] = "/a";
        folder.Variables["gatehouse_database__path"] = "/b";

        Assert.Contains("given twice", Assert.Single(folder.Load().Faults).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_file_is_a_fault_that_says_where()
    {
        folder.Write("appsettings.json", "{ \"Database\": \n oops }");

        var fault = Assert.Single(folder.Load().Faults);

        Assert.Equal("appsettings.json", fault.Key);
        Assert.Contains("LineNumber: 1", fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_in_dotenv_keeps_its_dollar_and_loses_its_quotes()
    {
        folder.Write(".env",
            "# first admin\nexport GATEHOUSE_ADMIN__EMAIL=root@example.org # mine\r\n" +
            "GATEHOUSE_ADMIN__PASSWORD=\"pa$HOME #1 word\"\r\n");

        var admin = folder.Load().Get<AdminOptions>();

        Assert.Equal(("root@example.org", "pa$HOME #1 word"), (admin.Email, admin.Password));
    }
}
