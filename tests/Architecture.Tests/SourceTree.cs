using Gatehouse.Testing;

namespace Gatehouse.Architecture.Tests;

/// <summary>
/// The files the rules look at, by path from the root. Rules are functions of it, so a test can feed one a violation.
/// </summary>
internal sealed class SourceTree(IEnumerable<SourceFile> files)
{
    private static readonly string[] NoModules =
        ["Kernel", "Contracts", "Foundation", "Gateway", "Web", "Cli", "Host"];

    private static readonly string[] Folders = ["src", "tests", "tools", "benchmarks", "docs"];
    private static readonly string[] Extensions = [".cs", ".csproj", ".props", ".slnx", ".md", ".txt", ".editorconfig"];

    public static SourceTree OfRepository { get; } = Read(Solution.Root);

    public IReadOnlyList<SourceFile> Files { get; } = [.. files.OrderBy(f => f.Path, StringComparer.Ordinal)];

    public IEnumerable<SourceFile> Code => Files.Where(f => f.Path.EndsWith(".cs", StringComparison.Ordinal));

    public IEnumerable<SourceFile> ProductCode => Code.Where(f => f.IsBelow("src"));

    public IEnumerable<SourceFile> Projects => Files.Where(f => f.Path.EndsWith(".csproj", StringComparison.Ordinal));

    /// <summary>Projects with code: any folder of src that is not one of the fixed seven.</summary>
    public IReadOnlyList<string> Modules =>
    [
        .. ProductCode.Select(f => f.Folder(1))
            .Distinct(StringComparer.Ordinal)
            .Except(NoModules, StringComparer.Ordinal),
    ];

    public SourceFile? Find(string path) => Files.FirstOrDefault(f => f.Path == path);

    private static SourceTree Read(string root)
    {
        var paths = Folders.Select(f => Path.Combine(root, f)).Where(Directory.Exists)
            .SelectMany(f => Directory.EnumerateFiles(f, "*", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(root))
            .Select(f => Path.GetRelativePath(root, f).Replace('\\', '/'))
            .Where(f => Extensions.Contains(Path.GetExtension(f)) && !f.Split('/').Any(part => part is "bin" or "obj"));
        return new SourceTree(paths.Select(path => new SourceFile(path, File.ReadAllText(Path.Combine(root, path)))));
    }
}

/// <param name="Path">From the root, with slashes.</param>
/// <param name="Text">Everything in it.</param>
internal sealed record SourceFile(string Path, string Text)
{
    private string? code;

    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    public string[] Lines => Text.Split('\n');

    /// <summary>
    /// The text without comments and without what is inside string literals; lines stay where they are.
    /// </summary>
    public string Code => code ??= CSharpText.WithoutCommentsAndStrings(Text);

    public string[] CodeLines => Code.Split('\n');

    public bool IsBelow(string folder) => Path.StartsWith(folder + "/", StringComparison.Ordinal);

    /// <summary>
    /// The n-th part of the path when it is a folder, else empty: 1 is <c>Ticketing</c> in
    /// <c>src/Ticketing/Domain/Pool.cs</c>.
    /// </summary>
    public string Folder(int n)
    {
        var parts = Path.Split('/');
        return n < parts.Length - 1 ? parts[n] : "";
    }

    public string At(int line, string what) => $"{Path}:{line}: {what}";
}
