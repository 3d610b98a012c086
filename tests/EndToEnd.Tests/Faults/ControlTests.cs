using Gatehouse.Testing;

namespace Gatehouse.EndToEnd.Tests.Faults;

/// <summary>
/// The planted faults of <c>tests/Faults/controls</c>, which <c>run</c> beside them has the harness find by hand.
/// </summary>
public sealed class ControlTests
{
    private static readonly string Folder = Path.Combine(Solution.Root, "tests", "Faults", "controls");

    public static TheoryData<string> Patches =>
        [.. Directory.GetFiles(Folder, "*.patch").Select(path => Path.GetFileName(path)).Order()];

    [Theory]
    [MemberData(nameof(Patches))]
    public async Task Patch_fits_the_code_as_it_is_and_says_what_has_to_be_found(string patch)
    {
        var path = Path.Combine(Folder, patch);

        await Tool.Run(
            "git", "git", TestContext.Current.CancellationToken, "-C", Solution.Root, "apply", "--check", path);

        var text = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        Assert.Matches("(?m)^Test: \\w+$", text);
        var expected = text.Split("Expect: ")[1].Split('\n')[0];
        var folder = Path.Combine(Solution.Root, "tests", "EndToEnd.Tests");
        var harness = string.Concat(
            Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        Assert.Contains(expected, harness, StringComparison.Ordinal);
    }
}
