using System.Globalization;
using Gatehouse.Gateway.Configuration;
using Gatehouse.Testing;

namespace Gatehouse.Gateway.Tests.Configuration;

/// <summary>
/// Each file in <c>Broken</c> says in its first line what is wrong with it and where; all of it is found at once, and
/// nothing else.
/// </summary>
public sealed class BrokenFileTests
{
    private const string Expect = "# expect: ";

    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(Folder, "*.yaml").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    private static string Folder => Path.Combine(Solution.Root, "tests/Gateway.Tests/Broken");

    [Fact]
    public void There_are_a_hundred() => Assert.True(Files.Count >= 100);

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_fault_has_its_rule_and_its_place(string name)
    {
        var path = Path.Combine(Folder, name);
        var expected = File.ReadAllLines(path, System.Text.Encoding.Latin1)[0][Expect.Length..].Split(", ");

        var file = GatewayFile.ReadFrom(path, _ => null, TimeProvider.System.GetUtcNow());

        Assert.Equal(expected, file.Faults.Select(fault => string.Create(
            CultureInfo.InvariantCulture, $"{fault.Line}:{fault.Column} {fault.Rule}")));
        Assert.Null(file.Snapshot);
        Assert.All(file.Faults, fault => Assert.NotEmpty(fault.Message));
    }

    [Fact]
    public void Every_rule_has_a_file_that_breaks_it()
    {
        // These need more bytes than belong into a repository, no file, or a process that lacks something.
        string[] elsewhere =
            ["file-unreadable", "file-too-large", "file-empty", "too-many-nodes", "identity-unknown"];
        var broken = Directory.GetFiles(Folder, "*.yaml")
            .SelectMany(file => File.ReadAllLines(file, System.Text.Encoding.Latin1)[0][Expect.Length..].Split(", "))
            .Select(one => one.Split(' ')[1]);

        Assert.Empty(Rules.All.Select(rule => rule.Id).Except(broken).Except(elsewhere));
    }
}
