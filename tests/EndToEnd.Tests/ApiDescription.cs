using System.Text.Json;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>The document at <c>/openapi/v1.json</c>, as far as its reader has to follow it.</summary>
internal sealed class ApiDescription(JsonElement document)
{
    public IReadOnlyList<Operation> Operations { get; } =
    [
        .. from path in document.GetProperty("paths").EnumerateObject()
           from method in path.Value.EnumerateObject()
           select new Operation(method.Name.ToUpperInvariant(), path.Name, method.Value),
    ];

    public static async Task<ApiDescription> Of(Api api) => new((await api.Get("/openapi/v1.json")).Is(200).Json);

    public Operation Operation(string id) => Assert.Single(Operations, operation => operation.Id == id);

    /// <summary>What a reference points to; anything else is itself.</summary>
    public JsonElement Follow(JsonElement element)
    {
        if (!element.TryGetProperty("$ref", out var reference))
        {
            return element;
        }

        var target = document;
        foreach (var step in reference.GetString()!.Split('/').Skip(1))
        {
            Assert.True(target.TryGetProperty(step, out target), $"{reference} leads nowhere.");
        }

        return target;
    }

    /// <summary>The schema of an answer's body; fails when it is not told.</summary>
    public JsonElement Schema(Operation operation, string status, string mediaType = "application/json")
    {
        var answer = Follow(operation.Answers.GetProperty(status));
        Assert.True(
            answer.TryGetProperty("content", out var content) && content.TryGetProperty(mediaType, out _),
            $"{operation} says nothing of the {mediaType} of its {status}.");
        return Follow(content.GetProperty(mediaType).GetProperty("schema"));
    }

    /// <summary>The body has what the schema requires, and nothing that it does not know.</summary>
    public static void AssertFits(JsonElement body, JsonElement schema)
    {
        var members = body.EnumerateObject().Select(member => member.Name).ToList();
        var known = schema.GetProperty("properties").EnumerateObject().Select(property => property.Name);
        var required = schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()!);
        Assert.Empty(members.Except(known));
        Assert.Empty(required.Except(members));
    }
}

/// <summary>One method of one address.</summary>
internal sealed record Operation(string Method, string Path, JsonElement Text)
{
    private static readonly HashSet<string> Files =
        ["text/calendar", "text/csv", "text/html", "image/png", "image/svg+xml", "application/pdf"];

    public string? Id => Text.TryGetProperty("operationId", out var id) ? id.GetString() : null;

    public JsonElement Answers => Text.GetProperty("responses");

    /// <summary>It names ways to sign in, and none of them is "not at all".</summary>
    /// <summary>As all do but those that answer nothing, a page, a picture or a file.</summary>
    public bool AnswersJson(string status) => status != "204" && Answers.TryGetProperty(status, out var answer) &&
        !(answer.TryGetProperty("content", out var content) &&
            Files.Overlaps(content.EnumerateObject().Select(kind => kind.Name)));

    public bool NeedsToken =>
        Text.TryGetProperty("security", out var ways) && ways.GetArrayLength() > 0 &&
        ways.EnumerateArray().All(way => way.EnumerateObject().Any());

    public IReadOnlyDictionary<string, JsonElement> Parameters =>
        Text.TryGetProperty("parameters", out var parameters)
            ? parameters.EnumerateArray().ToDictionary(
                parameter => $"{parameter.GetProperty("in")}:{parameter.GetProperty("name")}",
                parameter => parameter.GetProperty("schema"))
            : new Dictionary<string, JsonElement>();

    public override string ToString() => $"{Method} {Path}";

    /// <summary>Calls it about nothing that exists, with an empty object where it takes a body.</summary>
    public Task<Answer> CallBy(Api caller) => CallBy(caller, $"{Guid.NewGuid()}");

    /// <summary>The same about <paramref name="id"/>, for every id in its path.</summary>
    public Task<Answer> CallBy(Api caller, string id) => caller.Send(
        new HttpMethod(Method),
        Path.Replace("{id}", id, StringComparison.Ordinal).Replace("{deliveryId}", id, StringComparison.Ordinal),
        Text.TryGetProperty("requestBody", out _) ? Api.Json("{}") : null);
}
