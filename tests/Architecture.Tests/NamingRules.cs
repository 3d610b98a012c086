using System.Text.RegularExpressions;

namespace Gatehouse.Architecture.Tests;

/// <summary>Names that tell where a thing is and what it is for.</summary>
internal static partial class NamingRules
{
    public static IEnumerable<string> NamespaceIsFolder(SourceTree tree)
    {
        foreach (var file in tree.Code)
        {
            var expected = ExpectedNamespace(file, tree);
            var declared = Namespace().Match(file.Code).Groups[1].Value;
            if (declared != expected && (declared.Length > 0 || Declaration().IsMatch(file.Code)))
            {
                yield return $"{file.Path}: its namespace is '{declared}' and should be '{expected}'";
            }
        }
    }

    public static IEnumerable<string> NamesSayWhatAThingIs(SourceTree tree) =>
        from file in tree.Code
        from Match type in Declaration().Matches(file.Code)
        let name = type.Groups["name"].Value
        where Vague().IsMatch(name)
        select $"{file.Path}: {name} says nothing of what it is for";

    public static IEnumerable<string> FoldersSayWhatIsInThem(SourceTree tree) =>
        from folder in tree.Code.SelectMany(f => f.Path.Split('/')[..^1]).Distinct(StringComparer.Ordinal)
        where Vague().IsMatch(folder)
        select $"the folder {folder} says nothing of what is in it";

    public static IEnumerable<string> ClassesAreSealedUnlessInherited(SourceTree tree)
    {
        var classes = tree.Code
            .SelectMany(f => Declaration().Matches(f.Code).Select(m => (File: f, Match: m)))
            .Where(c => c.Match.Groups["kind"].Value is "class" or "record" or "record class")
            .GroupBy(c => c.Match.Groups["name"].Value);
        foreach (var type in classes)
        {
            var open = !type.Any(part => Closed().IsMatch(part.Match.Groups["modifiers"].Value));
            if (open && !tree.Code.Any(f => Inherits(f.Code, type.Key)))
            {
                yield return
                    $"{type.First().File.Path}: {type.Key} is neither sealed nor abstract, and nothing inherits it";
            }
        }
    }

    public static IEnumerable<string> DecisionsAreNumberedWithoutGaps(SourceTree tree)
    {
        var decisions = tree.Files.Where(f => f.IsBelow("docs/decisions") && f.Name != "README.md").ToArray();
        for (var i = 0; i < decisions.Length; i++)
        {
            var name = decisions[i].Name;
            if (!DecisionName().IsMatch(name))
            {
                yield return $"{decisions[i].Path}: is not called NNNN-name.md";
            }
            else if (!name.StartsWith($"{i + 1:0000}-", StringComparison.Ordinal))
            {
                yield return $"{decisions[i].Path}: should be number {i + 1:0000}";
            }
        }
    }

    /// <summary>An operator looks for a line by its event id.</summary>
    public static IEnumerable<string> LogEventsHaveIdsOfTheirOwn(SourceTree tree) =>
        from used in tree.ProductCode
            .SelectMany(f => LogEvent().Matches(f.Code).Select(m => (f.Path, Id: m.Groups[1].Value)))
            .GroupBy(e => e.Id, StringComparer.Ordinal)
        where used.Count() > 1
        select $"log event {used.Key} is used more than once: {string.Join(", ", used.Select(e => e.Path))}";

    /// <summary>
    /// The nearest project's name and the folders below it, whatever the folder of the project is called.
    /// </summary>
    private static string ExpectedNamespace(SourceFile file, SourceTree tree)
    {
        var folders = file.Path.Split('/')[..^1];
        for (var depth = folders.Length; depth > 0; depth--)
        {
            var folder = string.Join('/', folders[..depth]);
            var project = tree.Projects.FirstOrDefault(p => p.Path == $"{folder}/{p.Name}");
            if (project is not null)
            {
                return string.Join('.', ["Gatehouse", project.Name[..^".csproj".Length], .. folders[depth..]]);
            }
        }

        return "(no project above it)";
    }

    private static bool Inherits(string code, string name) =>
        code.Contains(name, StringComparison.Ordinal) &&
        Regex.IsMatch(code, $@":\s*(?:[\w.]+\.)?{name}\b", RegexOptions.None, TimeSpan.FromSeconds(1));

    [GeneratedRegex(@"^namespace ([\w.]+)\s*[;{]?\s*$", RegexOptions.Multiline, 1000)]
    private static partial Regex Namespace();

    [GeneratedRegex(
        @"^[ \t]*(?<modifiers>(?:(?:public|internal|private|protected|file" +
        "|sealed|static|abstract|partial|readonly|ref|new|unsafe) )*)" +
        @"(?<kind>class|interface|enum|record struct|record class|record|struct) (?<name>[A-Z]\w*)",
        RegexOptions.Multiline,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Declaration();

    [GeneratedRegex(
        "(?<=^|[a-z0-9])(?:Manager|Helpers?|Util|Utils|Utility|Utilities|Base|Common)$", RegexOptions.None, 1000)]
    private static partial Regex Vague();

    [GeneratedRegex(@"\[LoggerMessage\(([0-9]+)", RegexOptions.None, 1000)]
    private static partial Regex LogEvent();

    [GeneratedRegex(@"\b(?:sealed|static|abstract)\b", RegexOptions.None, 1000)]
    private static partial Regex Closed();

    [GeneratedRegex("^[0-9]{4}-[a-z0-9]+(?:-[a-z0-9]+)*[.]md$", RegexOptions.None, 1000)]
    private static partial Regex DecisionName();
}
