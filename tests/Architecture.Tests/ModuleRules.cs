using System.Text.RegularExpressions;

namespace Gatehouse.Architecture.Tests;

/// <summary>What makes a folder of src a module: one public class, a README, a place in the tests.</summary>
internal static partial class ModuleRules
{
    private static readonly string[] Headings = ["Purpose", "Aggregates", "Tables", "Events"];

    public static IEnumerable<string> OnlyTheModuleClassIsPublic(SourceTree tree)
    {
        foreach (var module in tree.Modules)
        {
            var found = tree.ProductCode.Where(f => f.Folder(1) == module)
                .SelectMany(f => PublicType().Matches(f.Code).Select(m => (f.Path, Type: m.Groups[1].Value)))
                .ToArray();
            foreach (var (path, type) in found.Where(t => t.Type != module + "Module"))
            {
                yield return $"{path}: {type} must be internal; what a module offers is in Contracts";
            }

            if (!found.Any(t => t.Type == module + "Module" && t.Path == $"src/{module}/{module}Module.cs"))
            {
                yield return $"src/{module}/{module}Module.cs: has no public class {module}Module";
            }
        }
    }

    public static IEnumerable<string> EveryModuleExplainsItself(SourceTree tree)
    {
        foreach (var module in tree.Modules)
        {
            var path = $"src/{module}/README.md";
            var readme = tree.Find(path)?.Text ?? "";
            foreach (var heading in Headings.Where(h => !Regex.IsMatch(
                readme, $@"^#+ .*\b{h}\b", RegexOptions.Multiline | RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1))))
            {
                yield return $"{path}: has no heading {heading}";
            }
        }
    }

    // Top-level types stand in the first column, which the formatter sees to.
    [GeneratedRegex(
        @"^public (?:(?:sealed|static|abstract|partial|readonly|ref|unsafe) )*" +
        @"(?:class|interface|enum|delegate [\w<>?\[\], ]+?|record struct|record class|record|struct) (\w+)",
        RegexOptions.Multiline,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex PublicType();
}
