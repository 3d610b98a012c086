namespace Gatehouse.Architecture.Tests;

internal static class Rule
{
    public static void Holds(Func<SourceTree, IEnumerable<string>> rule)
    {
        string[] violations = [.. rule(SourceTree.OfRepository)];
        if (violations.Length > 0)
        {
            Assert.Fail($"{violations.Length} violations:\n{string.Join('\n', violations)}");
        }
    }

    /// <summary>The negative control: the rule finds exactly one violation in these files, and says where.</summary>
    public static void Refuses(
        Func<SourceTree, IEnumerable<string>> rule, string where, params (string Path, string Text)[] files) =>
        Assert.StartsWith(where, Assert.Single(rule(Tree(files))), StringComparison.Ordinal);

    public static void Allows(Func<SourceTree, IEnumerable<string>> rule, params (string Path, string Text)[] files) =>
        Assert.Empty(rule(Tree(files)));

    private static SourceTree Tree((string Path, string Text)[] files) =>
        new(files.Select(f => new SourceFile(f.Path, f.Text)));
}
