using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gatehouse.Gateway.Configuration;

/// <summary>The document as JSON, and JSON as a file.</summary>
internal static class DocumentJson
{
    private static readonly JsonSerializerOptions Quoted = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static JsonNode? Of(Node node) => node switch
    {
        MapNode map => new JsonObject(map.Entries.Select(entry => KeyValuePair.Create(entry.Key, Of(entry.Value)))),
        ListNode list => new JsonArray([.. list.Items.Select(Of)]),
        ScalarNode { IsNull: true } => null,
        ScalarNode { IsPlain: true, Text: "true" } => true,
        ScalarNode { IsPlain: true, Text: "false" } => false,
        ScalarNode { IsPlain: true } scalar when Number(scalar.Text) is { } number => number,
        ScalarNode scalar => scalar.Text,
        _ => null,
    };

    /// <summary>RFC 7396: what is named is replaced, null takes away, lists are replaced whole.</summary>
    public static JsonNode? Merge(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            return patch?.DeepClone();
        }

        var merged = target is JsonObject old ? (JsonObject)old.DeepClone() : [];
        foreach (var (name, value) in changes)
        {
            if (value is null)
            {
                merged.Remove(name);
            }
            else
            {
                merged[name] = Merge(merged[name], value);
            }
        }

        return merged;
    }

    /// <summary>As YAML that a person can read: keys below each other, lists in brackets.</summary>
    public static string ToYaml(JsonNode? document)
    {
        var text = new StringBuilder();
        Write(text, document, indent: 0);
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonNode? node, int indent)
    {
        if (node is not JsonObject { Count: > 0 } map)
        {
            text.Append(indent == 0 ? "" : " ").Append(Inline(node)).Append('\n');
            return;
        }

        if (indent > 0)
        {
            text.Append('\n');
        }

        foreach (var (name, value) in map)
        {
            text.Append(' ', indent).Append(Word(name)).Append(':');
            Write(text, value, indent + 2);
        }
    }

    private static string Inline(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject map => map.Count == 0
            ? "{}"
            : $"{{ {string.Join(", ", map.Select(one => $"{Word(one.Key)}: {Inline(one.Value)}"))} }}",
        JsonArray list => $"[{string.Join(", ", list.Select(Inline))}]",
        _ when node.GetValueKind() == JsonValueKind.String => Word(node.GetValue<string>()),
        _ => node.ToJsonString(),
    };

    // Quoted unless it can be nothing else than this text.
    private static string Word(string text) =>
        text.Length > 0 && (char.IsAsciiLetter(text[0]) || text[0] == '/') &&
        text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/') &&
        text.ToUpperInvariant() is not ("TRUE" or "FALSE" or "NULL" or "YES" or "NO" or "ON" or "OFF")
            ? text
            : JsonSerializer.Serialize(text, Quoted);

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) &&
        number.ToString(CultureInfo.InvariantCulture) == text
            ? number
            : null;
}
