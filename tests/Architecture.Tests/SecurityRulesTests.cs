namespace Gatehouse.Architecture.Tests;

public sealed class SecurityRulesTests
{
    [Fact]
    public void The_security_page_names_every_test_and_every_requirement() =>
        Rule.Holds(SecurityRules.PageIsTrue);

    [Fact]
    public void A_test_that_is_not_there_and_one_that_is_not_named_are_found()
    {
        const string id = "6.2.3";
        var tree = new SourceTree(
        [
            new SourceFile(
                SecurityRules.Page, "| 6.2.1 | Length. | `Is_not_there` |\n| 6.2.3 | Current. | None yet. |"),
            new SourceFile(
                "tests/X.Tests/XTests.cs",
                $"""
                [Fact]
                [Trait("ASVS", "{id}")]
                public void Is_not_named()
                """),
        ]);

        var faults = SecurityRules.PageIsTrue(tree).ToList();

        Assert.Contains(faults, fault => fault.EndsWith(
            "6.2.1 names Is_not_there, which carries no such id", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.EndsWith(
            "6.2.3 does not name Is_not_named", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.EndsWith("says nothing of 9.1.2", StringComparison.Ordinal));
    }
}
