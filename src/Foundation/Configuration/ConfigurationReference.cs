using System.Text;

namespace Gatehouse.Foundation.Configuration;

/// <summary>Writes docs/configuration.md from the options classes; a test compares the two.</summary>
public static class ConfigurationReference
{
    private const string Introduction =
        """
        # Configuration

        This file is written by `gatehouse config reference`; a test keeps it true.

        Settings are read once, at start. A later source wins over an earlier one:

        1. `appsettings.json`, then `appsettings.{Environment}.json`, next to the program:
           `{ "Database": { "Provider": "postgres" } }`
        2. `.env` in the current folder: `GATEHOUSE_DATABASE__PROVIDER=postgres`
           (only keys that begin with `GATEHOUSE_` are read; a dollar sign stands for itself; quote what holds ` #`)
        3. environment variables: the same keys
        4. the command line: `--set Database:Provider=postgres`, and the shortcuts that `gatehouse serve --help` lists

        Keys and names are read without regard to case. An empty value asks for the default, whatever an earlier source
        says. A key that is not listed here is an error, and so is a value that does not fit; all errors come in one
        message and stop the start. `gatehouse check` looks without starting, and `gatehouse config print` shows what is
        in force and where it came from, secrets masked.

        One variable is no setting and has no other source: `GATEHOUSE_USER_PASSWORD`, the password of the account that
        `gatehouse user create` makes.


        """;

    public static string Render(IEnumerable<Type> types)
    {
        var text = new StringBuilder(Introduction.ReplaceLineEndings("\n"));
        var sections = types.Prepend(typeof(RuntimeOptions)).Distinct()
            .SelectMany(type => SettingDefinition.Of(type).Select(definition => (Type: type, Definition: definition)))
            .GroupBy(s => s.Definition.Section)
            .OrderBy(g => g.Key, StringComparer.Ordinal);
        foreach (var section in sections)
        {
            text.Append("## ").Append(section.Key.Length == 0 ? "At the root" : section.Key).Append("\n\n");
            text.Append("| variable | value | default | what it does |\n|---|---|---|---|\n");
            foreach (var (type, definition) in section)
            {
                text.Append(Row(definition, Activator.CreateInstance(type)!));
            }

            text.Append('\n');
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static string Row(SettingDefinition definition, object defaults)
    {
        var value = definition.Kind.Label + (definition.Bounds.Length == 0 ? "" : $", {definition.Bounds}");
        var standard = definition.Show(defaults) is { Length: > 0 } shown ? $"`{shown}`" : "none";
        var secret = definition.Secret ? "**Secret.** " : "";
        var description = secret + Cell(definition.Description);
        return $"| `{definition.Variable}` | {Cell(value)} | {Cell(standard)} | {description} |\n";
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
