using System.CommandLine;
using System.CommandLine.Parsing;
using Gatehouse.Foundation.Configuration;

namespace Gatehouse.Host.Commands;

/// <summary>The options that are settings, and the settings they make.</summary>
internal sealed class SettingOptions
{
    public Option<string?> Environment { get; } = new("--environment", "-e")
    {
        Description = "Development or Production (GATEHOUSE_ENVIRONMENT).",
        HelpName = "name",
        Recursive = true,
    };

    public Option<string?> Data { get; } = new("--data")
    {
        Description = "Folder of the SQLite files (GATEHOUSE_DATABASE__PATH).",
        HelpName = "folder",
        Recursive = true,
    };

    public Option<string[]> Set { get; } = new("--set")
    {
        Description = "Any setting, as often as needed: --set Logging:Level=debug.",
        HelpName = "Section:Key=value",
        Recursive = true,
        Validators = { RefuseWithoutValue },
    };

    /// <summary>Of <c>serve</c> only.</summary>
    public Option<string?> Url { get; } = new("--url")
    {
        Description = "Address to listen on, such as http://localhost:8080 (GATEHOUSE_HTTP__URL).",
        HelpName = "url",
    };

    /// <summary>The settings with their faults, for commands that report them.</summary>
    public Settings Load(ParseResult line) =>
        Settings.Load(SettingSources.OfThisProcess(Given(line)), Modules.Options, Modules.All.Select(m => m.Name));

    /// <exception cref="StartupException">There are faults; the message names them all.</exception>
    public Settings LoadSound(ParseResult line)
    {
        var settings = Load(line);
        return settings.Faults.Count == 0
            ? settings
            : throw new StartupException(SettingFault.Message(settings.Faults));
    }

    private List<GivenSetting> Given(ParseResult line)
    {
        var given = new List<GivenSetting>();
        (Option<string?>, string)[] shortcuts =
            [(Environment, "Environment"), (Data, "Database:Path"), (Url, "Http:Url")];
        foreach (var (option, path) in shortcuts)
        {
            if (line.GetResult(option) is not null)
            {
                given.Add(new GivenSetting(option.Name, path, line.GetValue(option)));
            }
        }

        foreach (var pair in line.GetValue(Set) ?? [])
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            given.Add(new GivenSetting($"--set {pair[..at]}", pair[..at], pair[(at + 1)..]));
        }

        return given;
    }

    private static void RefuseWithoutValue(OptionResult result)
    {
        foreach (var token in result.Tokens.Where(t => t.Value.IndexOf('=', StringComparison.Ordinal) < 1))
        {
            result.AddError($"--set takes Section:Key=value, not '{token.Value}'.");
        }
    }
}
