using System.Text.Json.Nodes;
using Gatehouse.Foundation.Http;

namespace Gatehouse.Foundation.Tests.Http;

/// <summary>Descriptions of several processes read as one.</summary>
public sealed class OpenApiMergeTests
{
    [Fact]
    public void Paths_and_schemas_of_both_are_there_and_the_first_wins_where_both_have_one()
    {
        var whole = Document(("/health", "first"), ("Health", "object"));

        OpenApiMerge.Add(whole, Document(("/health", "second"), ("Health", "object")));
        OpenApiMerge.Add(whole, Document(("/events", "third"), ("Event", "object")));

        Assert.Equal(["/health", "/events"], whole["paths"]!.AsObject().Select(path => path.Key));
        Assert.Equal("first", (string?)whole["paths"]!["/health"]!["get"]!["operationId"]);
        Assert.Equal(["Health", "Event"], whole["components"]!["schemas"]!.AsObject().Select(schema => schema.Key));
    }

    [Fact]
    public void A_schema_of_the_same_name_that_differs_gets_a_name_of_its_own_and_is_still_found()
    {
        var whole = Document(("/a", "a"), ("Thing", "object"));

        OpenApiMerge.Add(whole, Document(("/b", "b"), ("Thing", "string")));
        OpenApiMerge.Add(whole, Document(("/c", "c"), ("Thing", "string")));

        Assert.Equal(["Thing", "Thing2"], whole["components"]!["schemas"]!.AsObject().Select(schema => schema.Key));
        Assert.Equal(
            ["#/components/schemas/Thing", "#/components/schemas/Thing2", "#/components/schemas/Thing2"],
            whole["paths"]!.AsObject().Select(path => (string?)path.Value!["get"]!["schema"]!["$ref"]));
    }

    private static JsonObject Document((string Path, string Id) operation, (string Name, string Type) schema) =>
        JsonNode.Parse(
            $$"""
            {
              "paths": { "{{operation.Path}}": { "get": {
                "operationId": "{{operation.Id}}", "schema": { "$ref": "#/components/schemas/{{schema.Name}}" } } } },
              "components": { "schemas": { "{{schema.Name}}": { "type": "{{schema.Type}}" } } }
            }
            """)!.AsObject();
}
