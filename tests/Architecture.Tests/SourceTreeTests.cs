namespace Gatehouse.Architecture.Tests;

/// <summary>Rules over an empty tree would hold whatever is written; so the tree itself is checked.</summary>
public sealed class SourceTreeTests
{
    [Fact]
    public void The_repository_is_read()
    {
        var tree = SourceTree.OfRepository;

        Assert.NotNull(tree.Find("src/Kernel/Cursor.cs"));
        Assert.NotNull(tree.Find("tests/Architecture.Tests/SourceTree.cs"));
        Assert.NotNull(tree.Find("Gatehouse.slnx"));
        Assert.NotNull(tree.Find("Directory.Build.props"));
        Assert.DoesNotContain(tree.Files, f => f.Path.Contains("/obj/", StringComparison.Ordinal));
    }

    [Fact]
    public void A_module_is_any_folder_of_src_with_code_that_is_not_one_of_the_seven()
    {
        var tree = new SourceTree(
        [
            new("src/Kernel/Cursor.cs", ""),
            new("src/Host/Program.cs", ""),
            new("src/Shop/ShopModule.cs", ""),
            new("src/Later/Later.csproj", ""),
            new("tests/Shop.Tests/X.cs", ""),
        ]);

        Assert.Equal(["Shop"], tree.Modules);
    }

    [Theory]
    [InlineData("a; // b\nc;", "a;  \nc;")]
    [InlineData("a /* b\n b */ c", "a  \n c")]
    [InlineData("f(\"b // \\\" b\"); c", "f(\"\"); c")]
    [InlineData("f(@\"b\"\"b\\\"); c", "f(\"\"); c")]
    [InlineData("f($\"b {b}\"); c", "f(\"\"); c")]
    [InlineData("f(\"\"\"\nb \"\" b\n\"\"\"); c", "f(\"\"\n\n); c")]
    [InlineData("f('\"'); c('\\''); d", "f(\"\"); c(\"\"); d")]
    [InlineData("f(\"\"); @class", "f(\"\"); @class")]
    public void Comments_and_strings_are_not_code(string text, string code) =>
        Assert.Equal(code, CSharpText.WithoutCommentsAndStrings(text));
}
