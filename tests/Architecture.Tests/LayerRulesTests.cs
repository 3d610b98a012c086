namespace Gatehouse.Architecture.Tests;

public sealed class LayerRulesTests
{
    private static readonly (string Path, string Text)[] Module =
    [
        ("src/Identity/Services/LoginService.cs", "namespace Gatehouse.Identity.Services;"),
        ("src/Shop/Domain/Pool.cs", "namespace Gatehouse.Shop.Domain;"),
        ("src/Shop/Http/PoolEndpoints.cs", "namespace Gatehouse.Shop.Http;"),
        ("src/Shop/Services/PoolService.cs", "namespace Gatehouse.Shop.Services;"),
        ("src/Shop/Sql/PoolRepository.cs", "namespace Gatehouse.Shop.Sql;"),
    ];

    [Fact]
    public void The_folders_of_a_module_are_its_layers() => Rule.Holds(LayerRules.FoldersOfAModuleAreItsLayers);

    [Fact]
    public void A_folder_that_is_no_layer_is_refused() => Rule.Refuses(
        LayerRules.FoldersOfAModuleAreItsLayers, "src/Shop/Models/Thing.cs", ("src/Shop/Models/Thing.cs", ""));

    [Fact]
    public void Layers_see_only_what_they_may() => Rule.Holds(LayerRules.LayersSeeOnlyWhatTheyMay);

    [Theory]
    [InlineData("Domain", "using Gatehouse.Contracts.Shop;")]
    [InlineData("Domain", "using Gatehouse.Foundation.Data;")]
    [InlineData("Domain", "using Gatehouse.Shop.Sql;")]
    [InlineData("Services", "using Gatehouse.Shop.Http;")]
    [InlineData("Http", "using Gatehouse.Shop.Sql;")]
    [InlineData("Http", "using Gatehouse.Shop.Domain;")]
    [InlineData("Http", "using Row = Gatehouse.Shop.Sql.Row;")]
    [InlineData("Http", "using static Gatehouse.Shop.Domain.Pool;")]
    [InlineData("Http", "    private Gatehouse.Shop.Domain.Pool pool;")]
    [InlineData("Http", "    private Domain.Pool pool;")]
    [InlineData("Http", "    private Shop.Sql.PoolRepository pools;")]
    [InlineData("Consumers", "using Gatehouse.Shop.Sql;")]
    [InlineData("Consumers", "using Gatehouse.Shop.Domain;")]
    [InlineData("Jobs", "using Gatehouse.Shop.Sql;")]
    [InlineData("Jobs", "using Gatehouse.Shop.Http;")]
    [InlineData("Sql", "using Gatehouse.Shop.Http;")]
    [InlineData("Services", "using Gatehouse.Shop.Sql;")]
    public void A_layer_that_looks_where_it_must_not_is_refused(string layer, string line) => Rule.Refuses(
        LayerRules.LayersSeeOnlyWhatTheyMay, $"src/Shop/{layer}/Wrong.cs:2: {layer} must not see",
        [.. Module, ($"src/Shop/{layer}/Wrong.cs", $"namespace Gatehouse.Shop.{layer};\n{line}\n")]);

    [Theory]
    [InlineData("Domain", "using Gatehouse.Kernel;")]
    [InlineData("Services", "using Gatehouse.Contracts.Shop;\nusing Gatehouse.Shop.Domain;")]
    [InlineData("Http", "using Gatehouse.Shop.Services;\nusing Gatehouse.Foundation.Http;")]
    [InlineData("Http", "// using Gatehouse.Shop.Sql;\nvar text = \"Gatehouse.Shop.Domain.Pool\";")]
    [InlineData("Http", "    builder.Services.AddSingleton();\n    context.Domain.ToString();")]
    [InlineData("Sql", "using Gatehouse.Shop.Domain;\nusing Gatehouse.Shop.Services;\nvar text = Sql.Insert;")]
    public void A_layer_may_look_down(string layer, string text) => Rule.Allows(
        LayerRules.LayersSeeOnlyWhatTheyMay, [.. Module, ($"src/Shop/{layer}/Right.cs", text)]);

    [Fact]
    public void Only_the_http_layer_knows_of_http() => Rule.Holds(LayerRules.OnlyHttpKnowsHttp);

    [Theory]
    [InlineData("Services")]
    [InlineData("Sql")]
    public void Http_below_its_layer_is_refused(string layer) => Rule.Refuses(
        LayerRules.OnlyHttpKnowsHttp,
        $"src/Shop/{layer}/Wrong.cs:1: {layer} must not see Gatehouse.Foundation.Http",
        [.. Module, ($"src/Shop/{layer}/Wrong.cs", "using Gatehouse.Foundation.Http;")]);

    [Fact]
    public void Projects_see_only_what_is_below_them() => Rule.Holds(LayerRules.ModulesDoNotSeeEachOther);

    [Theory]
    [InlineData("src/Shop/ShopModule.cs", "using Gatehouse.Identity.Services;")]
    [InlineData("src/Shop/Services/Wrong.cs", "    private Identity.Services.LoginService logins;")]
    [InlineData("src/Web/Pages.cs", "using Gatehouse.Shop.Services;")]
    [InlineData("src/Foundation/Data/Wrong.cs", "using Gatehouse.Shop.Sql;")]
    public void Looking_into_another_module_is_refused(string path, string text) =>
        Rule.Refuses(LayerRules.ModulesDoNotSeeEachOther, $"{path}:1: ", [.. Module, (path, text)]);

    [Fact]
    public void A_domain_needs_only_the_system() => Rule.Holds(LayerRules.DomainUsesOnlySystem);

    [Theory]
    [InlineData("using Dapper;")]
    [InlineData("using Microsoft.AspNetCore.Http;")]
    [InlineData("global using static Npgsql.NpgsqlConnection;")]
    public void Infrastructure_in_a_domain_is_refused(string line) => Rule.Refuses(
        LayerRules.DomainUsesOnlySystem, "src/Shop/Domain/Wrong.cs:1: ", ("src/Shop/Domain/Wrong.cs", line));
}
