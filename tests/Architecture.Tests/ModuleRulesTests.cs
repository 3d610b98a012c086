namespace Gatehouse.Architecture.Tests;

public sealed class ModuleRulesTests
{
    private static readonly (string, string) ModuleClass =
        ("src/Shop/ShopModule.cs", "namespace Gatehouse.Shop;\n\npublic sealed class ShopModule : IModule\n{\n}\n");

    [Fact]
    public void The_module_class_is_the_only_public_one() => Rule.Holds(ModuleRules.OnlyTheModuleClassIsPublic);

    [Theory]
    [InlineData("public sealed class Pool;")]
    [InlineData("public record Pool(int Size);")]
    [InlineData("public readonly record struct Pool(int Size);")]
    [InlineData("public interface Pool;")]
    [InlineData("public static partial class Pool;")]
    [InlineData("public enum Pool;")]
    [InlineData("public delegate Task<int> Pool();")]
    public void Another_public_type_is_refused(string text) => Rule.Refuses(
        ModuleRules.OnlyTheModuleClassIsPublic, "src/Shop/Domain/Pool.cs: Pool must be internal",
        ModuleClass, ("src/Shop/Domain/Pool.cs", text));

    [Fact]
    public void Public_members_of_internal_types_are_nobodys_business() => Rule.Allows(
        ModuleRules.OnlyTheModuleClassIsPublic,
        ModuleClass, ("src/Shop/Domain/Pool.cs", "internal sealed class Pool\n{\n    public record Row;\n}\n"));

    [Fact]
    public void A_module_without_its_class_is_refused() => Rule.Refuses(
        ModuleRules.OnlyTheModuleClassIsPublic, "src/Shop/ShopModule.cs: has no public class ShopModule",
        ("src/Shop/Domain/Pool.cs", "internal sealed class Pool;"));

    [Fact]
    public void Every_module_explains_itself() => Rule.Holds(ModuleRules.EveryModuleExplainsItself);

    [Fact]
    public void A_readme_that_leaves_something_out_is_refused() => Rule.Refuses(
        ModuleRules.EveryModuleExplainsItself, "src/Shop/README.md: has no heading Tables",
        ModuleClass, ("src/Shop/README.md", "# Shop\n## Purpose\n## Aggregates\nTables\n## Events in and out\n"));
}
