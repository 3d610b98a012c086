using System.Text.RegularExpressions;

namespace Gatehouse.Architecture.Tests;

/// <summary>Inside a module the layer is the folder; which folder may name which.</summary>
internal static partial class LayerRules
{
    private static readonly string[] Everyone = ["Kernel", "Contracts", "Foundation"];

    /// <summary>Services ask for repositories through interfaces of their own, so they need not see Sql.</summary>
    private static readonly Dictionary<string, string[]> May = new(StringComparer.Ordinal)
    {
        ["Domain"] = ["Kernel", "Domain"],
        ["Services"] = [.. Everyone, "Services", "Domain", "Configuration", "Destinations"],
        ["Http"] = [.. Everyone, "Http", "Services", "Forwarding", "Registry"],
        ["Consumers"] = [.. Everyone, "Consumers", "Services"],
        ["Jobs"] = [.. Everyone, "Jobs", "Services"],
        // Sql implements the repository interfaces that Services ask for.
        ["Sql"] = [.. Everyone, "Sql", "Domain", "Services"],
        // The gateway's own: what its file says, and the way of a request that is served elsewhere.
        ["Configuration"] = [.. Everyone, "Configuration", "Domain"],
        ["Destinations"] = [.. Everyone, "Destinations", "Domain"],
        ["Registry"] = [.. Everyone, "Registry", "Domain", "Services", "Forwarding", "Policies"],
        ["Forwarding"] = [.. Everyone, "Forwarding", "Domain", "Services", "Destinations"],
    };

    public static IEnumerable<string> FoldersOfAModuleAreItsLayers(SourceTree tree) =>
        from module in tree.Modules
        from file in tree.ProductCode
        where file.Folder(1) == module && file.Folder(2) is { Length: > 0 } layer && !May.ContainsKey(layer)
        select $"{file.Path}: {file.Folder(2)} is no layer; the folders of a module are {string.Join(", ", May.Keys)}";

    public static IEnumerable<string> LayersSeeOnlyWhatTheyMay(SourceTree tree) =>
        from module in tree.Modules
        from file in tree.ProductCode
        where file.Folder(1) == module && May.ContainsKey(file.Folder(2))
        from seen in NamespacesIn(file, tree)
        where !May[file.Folder(2)].Contains(LayerOf(seen.Namespace, module))
        select file.At(seen.Line, $"{file.Folder(2)} must not see {seen.Namespace}");

    public static IEnumerable<string> OnlyHttpKnowsHttp(SourceTree tree) =>
        from module in tree.Modules
        from file in tree.ProductCode
        where file.Folder(1) == module && file.Folder(2) is not ("" or "Http" or "Forwarding")
        from seen in NamespacesIn(file, tree)
        where seen.Namespace.StartsWith("Gatehouse.Foundation.Http", StringComparison.Ordinal)
        select file.At(seen.Line, $"{file.Folder(2)} must not see {seen.Namespace}");

    public static IEnumerable<string> ModulesDoNotSeeEachOther(SourceTree tree) =>
        from file in tree.ProductCode
        where file.Folder(1) is not ("" or "Host")
        from seen in NamespacesIn(file, tree)
        let project = seen.Namespace.Split('.').ElementAtOrDefault(1) ?? ""
        where project != file.Folder(1) && !Everyone.Contains(project)
        select file.At(seen.Line, $"{file.Folder(1)} must not see {seen.Namespace}");

    public static IEnumerable<string> DomainUsesOnlySystem(SourceTree tree) =>
        from module in tree.Modules
        from file in tree.ProductCode
        where file.Folder(1) == module && file.Folder(2) == "Domain"
        from line in file.CodeLines.Index()
        let used = Using().Match(line.Item).Groups[1].Value
        where used.Length > 0 && Root(used) is not ("System" or "Gatehouse")
        select file.At(line.Index + 1, $"a Domain folder needs Kernel and System only, not {used}");

    /// <summary>Every namespace of ours that the file names, in full or relative to its own.</summary>
    private static IEnumerable<(string Namespace, int Line)> NamespacesIn(SourceFile file, SourceTree tree)
    {
        var module = file.Folder(1);
        foreach (var (index, line) in file.CodeLines.Index())
        {
            if (line.StartsWith("namespace ", StringComparison.Ordinal))
            {
                continue;
            }

            foreach (Match match in QualifiedName().Matches(line))
            {
                var name = match.Value;
                var (root, second) = (Root(name), name.Split('.')[1]);
                if (root == "Gatehouse")
                {
                    yield return (name, index + 1);
                }
                else if (tree.ProductCode.Any(f => f.Folder(1) == root && f.Folder(2) == second))
                {
                    yield return ("Gatehouse." + name, index + 1);
                }
                else if (May.ContainsKey(root) &&
                    tree.ProductCode.Any(f => f.Folder(1) == module && f.Folder(2) == root))
                {
                    // A nested class may have a layer's name: Sql at the foot of a repository.
                    if (root != file.Folder(2))
                    {
                        yield return ($"Gatehouse.{module}.{name}", index + 1);
                    }
                }
            }
        }
    }

    /// <summary>"Gatehouse.Ticketing.Sql.Row" is layer Sql for Ticketing; for everyone else it is Ticketing.</summary>
    private static string LayerOf(string name, string module)
    {
        var parts = name.Split('.');
        return parts[1] == module ? parts.ElementAtOrDefault(2) ?? "" : parts[1];
    }

    private static string Root(string name) => name.Split('.')[0];

    [GeneratedRegex(@"(?<![\w.])[A-Z]\w*(?:\.[A-Za-z_]\w*)+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex QualifiedName();

    [GeneratedRegex(@"^\s*(?:global )?using (?:static )?(?:\w+ = )?(?:global::)?([\w.]+);", RegexOptions.None, 1000)]
    private static partial Regex Using();
}
