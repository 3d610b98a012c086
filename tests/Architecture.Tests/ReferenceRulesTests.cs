namespace Gatehouse.Architecture.Tests;

public sealed class ReferenceRulesTests
{
    [Fact]
    public void References_between_projects_only_go_down() => Rule.Holds(ReferenceRules.ReferencesOnlyGoDown);

    [Theory]
    [InlineData("Kernel", "Contracts")]
    [InlineData("Contracts", "Foundation")]
    [InlineData("Foundation", "Ticketing")]
    [InlineData("Ticketing", "Identity")]
    [InlineData("Identity", "Host")]
    [InlineData("Gateway", "Ticketing")]
    [InlineData("Web", "Ticketing")]
    [InlineData("Cli", "Identity")]
    public void A_reference_upwards_or_sideways_is_refused(string from, string to) => Rule.Refuses(
        ReferenceRules.ReferencesOnlyGoDown,
        $"src/{from}/{from}.csproj: {from} must not reference {to}",
        ($"src/{from}/{from}.csproj", $"""<Project><ProjectReference Include="..\{to}\{to}.csproj" /></Project>"""));

    [Fact]
    public void The_host_may_reference_every_module() => Rule.Allows(
        ReferenceRules.ReferencesOnlyGoDown,
        ("src/Host/Host.csproj",
            """<Project><ProjectReference Include="../Ticketing/Ticketing.csproj" /></Project>"""));

    [Fact]
    public void The_kernel_needs_no_package() => Rule.Holds(ReferenceRules.KernelNeedsNoPackage);

    [Theory]
    [InlineData("PackageReference", "NodaTime")]
    [InlineData("FrameworkReference", "Microsoft.AspNetCore.App")]
    public void A_package_in_the_kernel_is_refused(string element, string name) => Rule.Refuses(
        ReferenceRules.KernelNeedsNoPackage,
        "src/Kernel/Kernel.csproj",
        ("src/Kernel/Kernel.csproj", $"""<Project><{element} Include="{name}" /></Project>"""));

    [Fact]
    public void No_mediator_and_no_mapper_is_used() => Rule.Holds(ReferenceRules.NoMediatorAndNoMapper);

    [Fact]
    public void A_mediator_is_refused() => Rule.Refuses(
        ReferenceRules.NoMediatorAndNoMapper,
        "Directory.Packages.props: MediatR",
        ("Directory.Packages.props", """<Project><PackageVersion Include="MediatR" Version="12.0.0" /></Project>"""));

    [Fact]
    public void Every_project_is_in_the_solution() => Rule.Holds(ReferenceRules.EveryProjectIsInTheSolution);

    [Fact]
    public void A_project_that_nothing_would_build_is_refused() => Rule.Refuses(
        ReferenceRules.EveryProjectIsInTheSolution,
        "tests/Journal.Tests/Journal.Tests.csproj",
        ("Gatehouse.slnx", """<Solution><Project Path="src/Kernel/Kernel.csproj" /></Solution>"""),
        ("src/Kernel/Kernel.csproj", "<Project />"),
        ("tests/Journal.Tests/Journal.Tests.csproj", "<Project />"));

    [Fact]
    public void Tests_mirror_the_sources() => Rule.Holds(ReferenceRules.TestsMirrorSources);

    [Fact]
    public void Tests_of_nothing_are_refused() => Rule.Refuses(
        ReferenceRules.TestsMirrorSources,
        "tests/Misc.Tests/Misc.Tests.csproj",
        ("tests/Misc.Tests/Misc.Tests.csproj", "<Project />"));
}
