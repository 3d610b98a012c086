using Gatehouse.Foundation.Configuration;
using Gatehouse.Foundation.Data;
using Gatehouse.Foundation.Telemetry;

namespace Gatehouse.Foundation.Tests.Configuration;

/// <summary>A folder, variables and a command line of its own to load settings from.</summary>
internal sealed class SettingsFolder : IDisposable
{
    private static readonly Type[] Types =
        [typeof(DatabaseOptions), typeof(LoggingOptions), typeof(SecretsOptions), typeof(AdminOptions)];

    public string Path { get; } = Directory.CreateTempSubdirectory("gatehouse-settings-").FullName;

    public Dictionary<string, string?> Variables { get; } = [];

    public List<GivenSetting> CommandLine { get; } = [];

    public void Write(string file, string text) => File.WriteAllText(System.IO.Path.Combine(Path, file), text);

    public Settings Load() => Settings.Load(
        new SettingSources
        {
            ProgramFolder = Path,
            CurrentFolder = Path,
            Variables = Variables,
            CommandLine = CommandLine,
        },
        Types,
        ["identity", "ticketing"]);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
