using System.Text.Json.Nodes;
using Gatehouse.Gateway.Configuration;
using Gatehouse.Testing;

namespace Gatehouse.Gateway.Tests.Configuration;

public sealed class GatewayReferenceTests
{
    private readonly GatewayFiles files = new();

    [Fact]
    public void The_page_of_the_file_is_what_the_program_would_write() => Assert.Equal(
        files.Reference, File.ReadAllText(Path.Combine(Solution.Root, "docs/gateway-configuration.md")));

    [Fact]
    public void The_example_of_the_page_has_no_faults()
    {
        var page = File.ReadAllText(Path.Combine(Solution.Root, "docs/gateway.md"));
        foreach (var example in page.Split("```yaml\n").Skip(1).Select(part => part.Split("```")[0]))
        {
            var file = GatewayFile.Read(System.Text.Encoding.UTF8.GetBytes(example), "/tmp", variables: null);

            Assert.Empty(file.Faults);
        }
    }

    [Fact]
    public void The_schema_for_editors_knows_every_key()
    {
        var schema = JsonNode.Parse(files.Schema)!;

        var route = schema["properties"]!["routes"]!["additionalProperties"]!;
        Assert.Equal("^/", (string?)route["properties"]!["match"]!["properties"]!["path"]!["pattern"]);
        Assert.Equal(["match", "cluster"], route["required"]!.AsArray().Select(key => (string?)key));
        Assert.False((bool)route["additionalProperties"]!);
        foreach (var place in GatewayKeys.Root.Objects)
        {
            Assert.All(place.Keys, key => Assert.NotEmpty(key.About));
        }
    }

    [Fact]
    public void A_fault_is_shown_with_its_line_and_a_caret()
    {
        var path = Path.Combine(Solution.Root, "tests/Gateway.Tests/Broken/unknown-cluster.yaml");

        Assert.Equal(
            """
            f.yaml:5:14: there is no cluster orderz [unknown-cluster]
              5 |     cluster: orderz
                |              ^^^^^^
                hint: did you mean orders?

            1 fault.
            """.Replace("\r", "", StringComparison.Ordinal),
            (files.Check(path, withValues: true) with { File = "f.yaml" }).ToText());
    }
}
