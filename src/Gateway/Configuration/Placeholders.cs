using System.Text;
using System.Text.RegularExpressions;

namespace Gatehouse.Gateway.Configuration;

/// <summary>
/// <c>${env:NAME}</c> and <c>${file:path}</c>: the way a secret comes into the file without standing in it.
/// </summary>
/// <param name="folder">Of the gateway's file; files must be below it or below <c>/run/secrets</c>.</param>
/// <param name="variables">Null to look at the form only, and at no value.</param>
internal sealed partial class Placeholders(string folder, Func<string, string?>? variables)
{
    private const int FileBytesMax = 64 * 1024;
    private const string Mounted = "/run/secrets";

    // The program's own settings hold what must not leave it, and whoever may change the file may send it anywhere.
    private const string Forbidden = "GATEHOUSE_";

    public bool LooksAtValues => variables is not null;

    /// <summary>Files that values were taken from, or should have been.</summary>
    public HashSet<string> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>The text with values in place; null where no value was looked at.</summary>
    public ScalarParse<string>? Resolve(string text)
    {
        var resolved = new StringBuilder();
        var rest = text.AsSpan();
        for (var open = rest.IndexOf("${"); open >= 0; open = rest.IndexOf("${"))
        {
            resolved.Append(rest[..open]);
            var close = rest[open..].IndexOf('}');
            var value = close < 0
                ? new ScalarFault("${ without }", Rule: Rules.BadPlaceholder)
                : One(rest.Slice(open, close + 1).ToString());
            if (value.Fault is not null)
            {
                return value;
            }

            resolved.Append(value.Value);
            rest = rest[(open + close + 1)..];
        }

        if (variables is null)
        {
            return null;
        }

        return (ScalarParse<string>)resolved.Append(rest).ToString();
    }

    private ScalarParse<string> One(string placeholder)
    {
        var match = Form().Match(placeholder);
        var name = match.Groups["name"].Value;
        return !match.Success
                ? new ScalarFault(
                    "this placeholder is not known", "write ${env:NAME} or ${file:path}", Rules.BadPlaceholder)
            : match.Groups["source"].Value == "env" ? Variable(name)
            : File(name);
    }

    private ScalarParse<string> Variable(string name)
    {
        if (name.StartsWith(Forbidden, StringComparison.OrdinalIgnoreCase))
        {
            return new ScalarFault(
                $"{name} is a setting of this program", "give the gateway a variable of its own", Rules.BadPlaceholder);
        }

        if (variables is null)
        {
            return "";
        }

        return variables(name) is { Length: > 0 } value
            ? value
            : new ScalarFault($"the variable {name} is not set", Rule: Rules.UnsetPlaceholder);
    }

    private ScalarParse<string> File(string name)
    {
        var path = Path.GetFullPath(name, folder);
        if (!IsBelow(path, folder) && !IsBelow(path, Mounted))
        {
            return new ScalarFault(
                $"{name} is not below the folder of this file", $"put it there, or below {Mounted}",
                Rules.BadPlaceholder);
        }

        if (variables is null)
        {
            return "";
        }

        Files.Add(path);
        try
        {
            var info = new FileInfo(path);
            return info.Length <= FileBytesMax
                ? System.IO.File.ReadAllText(path).TrimEnd('\r', '\n')
                : new ScalarFault($"{name} has more than {FileBytesMax} bytes", Rule: Rules.UnsetPlaceholder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new ScalarFault($"{name} cannot be read", Rule: Rules.UnsetPlaceholder);
        }
    }

    private static bool IsBelow(string path, string folder) =>
        path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);

    [GeneratedRegex(@"^\$\{(?<source>env|file):(?<name>[^\s{}\0]{1,200})\}$", RegexOptions.None, 1000)]
    private static partial Regex Form();
}
