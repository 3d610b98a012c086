using System.Text.Json.Nodes;

namespace Gatehouse.Foundation.Http;

/// <summary>
/// Several API descriptions as one. What the first has stays; schemas of one name that differ are told apart by a
/// number.
/// </summary>
internal static class OpenApiMerge
{
    private const string Reference = "$ref";

    public static void Add(JsonObject whole, JsonObject part)
    {
        Rename(part, Clashes(whole, part));
        foreach (var (kind, _) in Components(part))
        {
            Fill(Child(Child(whole, "components"), kind), Child(Child(part, "components"), kind));
        }

        var paths = Child(whole, "paths");
        foreach (var (path, operations) in Child(part, "paths").ToList())
        {
            if (operations is JsonObject methods)
            {
                Fill(Child(paths, path), methods);
            }
        }

        Tags(whole, part);
    }

    /// <summary>Old reference to new name, for what the whole knows as something else.</summary>
    private static Dictionary<string, string> Clashes(JsonObject whole, JsonObject part)
    {
        var clashes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (kind, known) in Components(part))
        {
            var there = Child(Child(whole, "components"), kind);
            foreach (var (name, schema) in known.Where(one => there[one.Key] is { } other && !Same(other, one.Value)))
            {
                var number = 2;
                while (there[$"{name}{number}"] is { } other && !Same(other, schema))
                {
                    number++;
                }

                clashes[$"#/components/{kind}/{name}"] = $"{name}{number}";
            }
        }

        return clashes;
    }

    private static void Rename(JsonObject part, Dictionary<string, string> clashes)
    {
        if (clashes.Count == 0)
        {
            return;
        }

        foreach (var (kind, known) in Components(part))
        {
            foreach (var name in known.Select(one => one.Key).ToList())
            {
                if (clashes.TryGetValue($"#/components/{kind}/{name}", out var other))
                {
                    var schema = known[name];
                    known.Remove(name);
                    known[other] = schema;
                }
            }
        }

        Refer(part, clashes);
    }

    private static void Refer(JsonNode? node, Dictionary<string, string> clashes)
    {
        if (node is JsonArray items)
        {
            foreach (var item in items)
            {
                Refer(item, clashes);
            }
        }

        if (node is not JsonObject members)
        {
            return;
        }

        if (members[Reference] is JsonValue value && value.TryGetValue(out string? target) &&
            clashes.TryGetValue(target, out var name))
        {
            members[Reference] = $"{target[..(target.LastIndexOf('/') + 1)]}{name}";
        }

        foreach (var (_, member) in members.ToList())
        {
            Refer(member, clashes);
        }
    }

    private static void Tags(JsonObject whole, JsonObject part)
    {
        if (part["tags"] is not JsonArray more)
        {
            return;
        }

        if (whole["tags"] is not JsonArray tags)
        {
            whole["tags"] = tags = [];
        }

        foreach (var tag in more.Where(one => !tags.Any(other => JsonNode.DeepEquals(one, other))).ToList())
        {
            tags.Add(tag?.DeepClone());
        }
    }

    private static void Fill(JsonObject whole, JsonObject part)
    {
        foreach (var (name, value) in part.ToList())
        {
            whole.TryAdd(name, value?.DeepClone());
        }
    }

    private static bool Same(JsonNode one, JsonNode? other) => JsonNode.DeepEquals(one, other);

    private static List<(string Kind, JsonObject Known)> Components(JsonObject document) =>
    [
        .. (document["components"] as JsonObject ?? []).Where(kind => kind.Value is JsonObject)
            .Select(kind => (kind.Key, (JsonObject)kind.Value!)),
    ];

    private static JsonObject Child(JsonObject parent, string name)
    {
        if (parent[name] is not JsonObject child)
        {
            parent[name] = child = [];
        }

        return child;
    }
}
