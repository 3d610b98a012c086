namespace Gatehouse.Architecture.Tests;

public sealed class NamingRulesTests
{
    private static readonly (string, string) Project = ("src/Shop/Shop.csproj", "<Project />");

    [Fact]
    public void The_namespace_is_the_folder() => Rule.Holds(NamingRules.NamespaceIsFolder);

    [Theory]
    [InlineData("namespace Gatehouse.Shop;\ninternal sealed class Pool;")]
    [InlineData("namespace Gatehouse.Shop.Domain.Pools;\ninternal sealed class Pool;")]
    [InlineData("internal sealed class Pool;")]
    public void A_namespace_that_is_not_the_folder_is_refused(string text) => Rule.Refuses(
        NamingRules.NamespaceIsFolder, "src/Shop/Domain/Pool.cs", Project, ("src/Shop/Domain/Pool.cs", text));

    [Fact]
    public void Files_of_test_projects_have_the_name_of_the_project_in_front() => Rule.Allows(
        NamingRules.NamespaceIsFolder,
        ("tests/Shop.Tests/Shop.Tests.csproj", "<Project />"),
        ("tests/Shop.Tests/Domain/PoolTests.cs",
            "namespace Gatehouse.Shop.Tests.Domain;\npublic sealed class PoolTests;"));

    [Fact]
    public void Names_say_what_a_thing_is() => Rule.Holds(NamingRules.NamesSayWhatAThingIs);

    [Theory]
    [InlineData("BookingManager")]
    [InlineData("DateHelper")]
    [InlineData("StringUtil")]
    [InlineData("EntityBase")]
    [InlineData("Common")]
    public void A_name_that_says_nothing_is_refused(string name) => Rule.Refuses(
        NamingRules.NamesSayWhatAThingIs,
        $"src/Shop/X.cs: {name}",
        ("src/Shop/X.cs", $"internal static class {name};"));

    [Fact]
    public void A_database_is_no_base() => Rule.Allows(
        NamingRules.NamesSayWhatAThingIs, ("src/Shop/X.cs", "internal sealed class TestDatabase;\n// class FooHelper"));

    [Fact]
    public void Folders_say_what_is_in_them() => Rule.Holds(NamingRules.FoldersSayWhatIsInThem);

    [Fact]
    public void A_folder_that_says_nothing_is_refused() =>
        Rule.Refuses(NamingRules.FoldersSayWhatIsInThem, "the folder Common", ("src/Shop/Common/X.cs", ""));

    [Fact]
    public void Classes_are_sealed_unless_something_inherits_them() =>
        Rule.Holds(NamingRules.ClassesAreSealedUnlessInherited);

    [Theory]
    [InlineData("internal class Pool\n{\n}\n")]
    [InlineData("internal record Pool(int Size);")]
    [InlineData("internal sealed class Outer\n{\n    private class Pool;\n}\n")]
    public void An_open_class_is_refused(string text) => Rule.Refuses(
        NamingRules.ClassesAreSealedUnlessInherited, "src/Shop/Pool.cs: Pool", ("src/Shop/Pool.cs", text));

    [Theory]
    [InlineData("internal class Pool;\ninternal sealed class SmallPool : Pool;")]
    [InlineData("internal partial class Pool;\ninternal sealed partial class Pool;")]
    [InlineData("internal record struct Pool(int Size);")]
    public void What_is_inherited_or_closed_is_fine(string text) =>
        Rule.Allows(NamingRules.ClassesAreSealedUnlessInherited, ("src/Shop/Pool.cs", text));

    [Fact]
    public void Log_events_have_ids_of_their_own() => Rule.Holds(NamingRules.LogEventsHaveIdsOfTheirOwn);

    [Fact]
    public void A_log_event_id_that_is_used_twice_is_refused() => Rule.Refuses(
        NamingRules.LogEventsHaveIdsOfTheirOwn,
        "log event 7001",
        ("src/Shop/X.cs", "[LoggerMessage(7001, LogLevel.Warning"),
        ("src/Shop/Y.cs", "[LoggerMessage(7001, LogLevel.Information"));

    [Fact]
    public void Decisions_are_numbered_without_gaps() => Rule.Holds(NamingRules.DecisionsAreNumberedWithoutGaps);

    [Theory]
    [InlineData("docs/decisions/0003-raw-sql.md")]
    [InlineData("docs/decisions/0001-raw-sql.md")]
    [InlineData("docs/decisions/raw-sql.md")]
    [InlineData("docs/decisions/0002-Raw_SQL.md")]
    public void A_decision_out_of_order_is_refused(string path) => Rule.Refuses(
        NamingRules.DecisionsAreNumberedWithoutGaps, path, ("docs/decisions/0001-one-executable.md", ""), (path, ""));
}
