using System.Collections;
using System.Text.Json;
using dotenv.net;

namespace Gatehouse.Foundation.Configuration;

/// <summary>
/// Where settings come from; each reader answers one <see cref="SettingSource"/>, and a later source wins.
/// </summary>
public sealed record SettingSources
{
    /// <summary>Holds appsettings.json and appsettings.{Environment}.json.</summary>
    public required string ProgramFolder { get; init; }

    /// <summary>Holds <c>.env</c>.</summary>
    public required string CurrentFolder { get; init; }

    public required IReadOnlyDictionary<string, string?> Variables { get; init; }

    /// <summary>What the command line says, in its order.</summary>
    public IReadOnlyList<GivenSetting> CommandLine { get; init; } = [];

    public static SettingSources OfThisProcess(IReadOnlyList<GivenSetting> commandLine) => new()
    {
        ProgramFolder = AppContext.BaseDirectory,
        CurrentFolder = Directory.GetCurrentDirectory(),
        Variables = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(e => (string)e.Key, e => (string?)e.Value),
        CommandLine = commandLine,
    };

    internal SettingSource ReadFile() => ReadJson("appsettings.json");

    internal SettingSource ReadFile(RuntimeEnvironment environment) =>
        ReadJson($"appsettings.{environment}.json") with { ForOneEnvironment = true };

    internal SettingSource ReadDotEnv()
    {
        var path = Path.Combine(CurrentFolder, ".env");
        if (!File.Exists(path))
        {
            return FromVariables(".env", []);
        }

        try
        {
            // No expansion: a password may hold a dollar sign.
            return FromVariables(".env", DotEnv.Fluent().WithExceptions().WithEnvFiles(path).WithTrimValues()
                .WithSupportExportSyntax().WithoutSupportVariableExpansion().Read()
                .Select(e => KeyValuePair.Create(e.Key, (string?)e.Value)));
        }
        catch (Exception failure)
        {
            return FromVariables(".env", []) with { Unreadable = failure.Message };
        }
    }

    internal SettingSource ReadVariables() => FromVariables("environment", Variables);

    internal SettingSource ReadCommandLine() => new("command line", CommandLine);

    private static SettingSource FromVariables(string name, IEnumerable<KeyValuePair<string, string?>> variables) =>
        new(name, [.. variables
            .Where(e => SettingKey.IsVariable(e.Key) && !SettingKey.IsServiceLink(e.Key, e.Value) &&
                        !SettingKey.OtherVariables.Contains(e.Key, StringComparer.OrdinalIgnoreCase))
            .OrderBy(e => e.Key, StringComparer.Ordinal)
            .Select(e => new GivenSetting(e.Key, SettingKey.FromVariable(e.Key), e.Value))])
        {
            Variables = true,
        };

    private SettingSource ReadJson(string name)
    {
        var path = Path.Combine(ProgramFolder, name);
        if (!File.Exists(path))
        {
            return new SettingSource(name, []);
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path),
                new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            var given = new List<GivenSetting>();
            Flatten("", document.RootElement, given);
            return new SettingSource(name, given);
        }
        catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException)
        {
            return new SettingSource(name, []) { Unreadable = failure.Message };
        }
    }

    private static void Flatten(string path, JsonElement element, List<GivenSetting> given)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in element.EnumerateObject())
            {
                Flatten(SettingKey.Path(path, member.Name), member.Value, given);
            }

            return;
        }

        given.Add(new GivenSetting(path, path, element.ValueKind switch
        {
            JsonValueKind.Array => string.Join(',', element.EnumerateArray().Select(e => e.ToString())),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => element.ToString(),
        }));
    }
}
