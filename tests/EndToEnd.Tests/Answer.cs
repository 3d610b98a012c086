using System.Text.Json;

namespace Gatehouse.EndToEnd.Tests;

/// <summary>What came back over HTTP. A wrong one fails with the request and the whole answer in the text.</summary>
public sealed class Answer(string asked, HttpResponseMessage response, string text)
{
    private static readonly string[] ProblemMembers =
        ["type", "title", "status", "detail", "code", "requestId", "traceId"];
    private static readonly string[] Internals = ["Exception", "   at ", "SQLite", "Npgsql", "System."];

    public int Status => (int)response.StatusCode;

    public string Text => text;

    public JsonElement Json => JsonDocument.Parse(text).RootElement;

    public string Id => Json.GetProperty("id").GetString()!;

    /// <summary>A member of the answer's object, as text.</summary>
    public string this[string member] => Json.GetProperty(member).ToString();

    public long Number(string member) => Json.GetProperty(member).GetInt64();

    /// <summary>Null when it was not sent.</summary>
    public string? Header(string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values)
            ? string.Join(", ", values)
            : null;

    public IEnumerable<KeyValuePair<string, string>> Headers =>
        response.Headers.Concat(response.Content.Headers)
            .Select(header => KeyValuePair.Create(header.Key, string.Join(", ", header.Value)));

    public Answer Is(int status)
    {
        Assert.True(Status == status, $"Expected {status}. {this}");
        return this;
    }

    /// <summary>A whole problem document of this code, with exactly these fields in <c>errors</c>.</summary>
    public Answer IsProblem(int status, string code, params string[] fields)
    {
        Is(status);
        Assert.True(Header("Content-Type") == "application/problem+json", $"Wrong content type. {this}");
        foreach (var member in ProblemMembers)
        {
            var there = Json.TryGetProperty(member, out var value) && value.ToString() != "";
            Assert.True(there, $"'{member}' is missing. {this}");
        }

        Assert.True(this["code"] == code, $"Expected code {code}. {this}");
        Assert.True(this["status"] == $"{status}", $"The status in the document differs. {this}");
        Assert.True(this["requestId"] == Header("X-Request-Id"), $"The request id in the document differs. {this}");
        Assert.True(
            Fields().SequenceEqual(fields.Order()), $"Expected faults of [{string.Join(", ", fields)}]. {this}");
        Assert.DoesNotContain(Internals, word => text.Contains(word, StringComparison.Ordinal));
        return this;
    }

    /// <summary>The text without what differs in every answer.</summary>
    public string WithoutIds() =>
        text.Replace(this["requestId"], "…", StringComparison.Ordinal)
            .Replace(this["traceId"], "…", StringComparison.Ordinal);

    public override string ToString() => $"Got {Status} for {asked}\n{text}";

    private IEnumerable<string> Fields() =>
        Json.TryGetProperty("errors", out var errors)
            ? errors.EnumerateObject().Select(field => field.Name).Order()
            : [];
}
