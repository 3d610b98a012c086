using System.Xml.Linq;

namespace Gatehouse.Architecture.Tests;

/// <summary>Which project may see which, and where packages may come from.</summary>
internal static class ReferenceRules
{
    private static readonly string[] Unwanted = ["MediatR", "AutoMapper", "MassTransit", "Mapster"];

    public static IEnumerable<string> ReferencesOnlyGoDown(SourceTree tree) =>
        from project in tree.Projects
        where project.IsBelow("src")
        let name = NameOf(project)
        where name != "Host"
        from reference in References(project, "ProjectReference").Select(ProjectName)
        where !AllowedFor(name).Contains(reference)
        select $"{project.Path}: {name} must not reference {reference}";

    public static IEnumerable<string> KernelNeedsNoPackage(SourceTree tree) =>
        from project in tree.Projects
        where NameOf(project) == "Kernel" && project.IsBelow("src")
        from reference in References(project, "PackageReference").Concat(References(project, "FrameworkReference"))
        select $"{project.Path}: the Kernel is pure C# and must not need {reference}";

    public static IEnumerable<string> NoMediatorAndNoMapper(SourceTree tree) =>
        from file in tree.Projects.Concat(tree.Files.Where(f => f.Name == "Directory.Packages.props"))
        from package in References(file, "PackageReference").Concat(References(file, "PackageVersion"))
        where Unwanted.Any(u => package.StartsWith(u, StringComparison.OrdinalIgnoreCase))
        select $"{file.Path}: {package} hides the way through the code";

    public static IEnumerable<string> EveryProjectIsInTheSolution(SourceTree tree)
    {
        var solution = tree.Find("Gatehouse.slnx");
        string[] listed = solution is null
            ? []
            : [.. XDocument.Parse(solution.Text).Descendants("Project").Select(p => (string)p.Attribute("Path")!)];
        return tree.Projects.Select(p => p.Path).Except(listed, StringComparer.Ordinal)
            .Select(path => $"{path} is not in Gatehouse.slnx: nothing would build or test it");
    }

    public static IEnumerable<string> TestsMirrorSources(SourceTree tree) =>
        from project in tree.Projects
        where project.IsBelow("tests")
        let name = NameOf(project)
        where name is not ("Testing" or "Testing.Tests" or "Architecture.Tests" or "EndToEnd.Tests")
        let tested = name.EndsWith(".Tests", StringComparison.Ordinal) ? name[..^".Tests".Length] : "?"
        where tree.Find($"src/{tested}/{tested}.csproj") is null
        select $"{project.Path}: there is no src/{tested} that it tests";

    private static string[] AllowedFor(string project) => project switch
    {
        "Kernel" => [],
        "Contracts" => ["Kernel"],
        "Foundation" => ["Kernel", "Contracts"],
        _ => ["Kernel", "Contracts", "Foundation"],
    };

    private static IEnumerable<string> References(SourceFile project, string element) =>
        XDocument.Parse(project.Text).Descendants(element)
            .Select(e => (string?)e.Attribute("Include") ?? "")
            .Where(include => include.Length > 0);

    private static string NameOf(SourceFile project) => project.Name[..^".csproj".Length];

    private static string ProjectName(string include) => Path.GetFileNameWithoutExtension(include.Replace('\\', '/'));
}
