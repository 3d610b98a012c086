using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Gatehouse.Contracts;
using Gatehouse.Kernel;

namespace Gatehouse.Foundation.Http;

/// <summary>Reads a refused body once more, slowly, to say everything that is wrong with it.</summary>
internal static class JsonFaults
{
    private const int FaultsMax = 50;

    public static Problem Explain<T>(in ReadOnlySequence<byte> body, JsonTypeInfo<T> type, IRequestRules<T>? rules)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? ExplainFields(document.RootElement, type, rules)
                : Malformed($"The body must be a JSON object, not {Article(document.RootElement.ValueKind)}.");
        }
        catch (JsonException exception)
        {
            var place = exception.LineNumber is { } line
                ? $" (line {line + 1}, position {exception.BytePositionInLine + 1})"
                : "";
            return Malformed($"The body is not valid JSON{place}: {Reason(exception)}");
        }
        catch (InvalidOperationException)
        {
            // What the reader throws for a name that is half of a surrogate pair.
            return Malformed("The body has a text that is not Unicode.");
        }
    }

    private static Problem ExplainFields<T>(JsonElement body, JsonTypeInfo<T> type, IRequestRules<T>? rules)
    {
        var faults = new Faults();
        var readable = new JsonObject();
        foreach (var field in body.EnumerateObject())
        {
            if (faults.Count == FaultsMax)
            {
                break;
            }

            var property = type.Properties.FirstOrDefault(p => p.Name == field.Name);
            if (property is null)
            {
                faults.Add(Printable(field.Name), "is not a field of this request");
            }
            else if (field.Value.ValueKind == JsonValueKind.Null && !property.IsSetNullable)
            {
                faults.Add(field.Name, "must not be null");
            }
            else if (!CanRead(field.Value, property, type.Options))
            {
                faults.Add(field.Name, Expected(property.PropertyType));
            }
            else
            {
                readable[field.Name] = JsonNode.Parse(field.Value.GetRawText());
            }
        }

        if (readable.Deserialize(type) is { } request)
        {
            var broken = new Faults();
            rules?.Check(request, broken);
            faults.AddOthers(broken);
        }

        return faults.Any ? faults.ToProblem() : Malformed("The body could not be read.");
    }

    private static bool CanRead(JsonElement value, JsonPropertyInfo property, JsonSerializerOptions options)
    {
        try
        {
            value.Deserialize(property.CustomConverter is null
                ? options.GetTypeInfo(property.PropertyType)
                : JsonTypeInfo.CreateJsonTypeInfo(property.PropertyType, WithConverter(property, options)));
            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static JsonSerializerOptions WithConverter(JsonPropertyInfo property, JsonSerializerOptions options) =>
        new(options) { Converters = { property.CustomConverter! } };

    private static string Expected(Type type)
    {
        var inner = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Optional<>)
            ? type.GetGenericArguments()[0]
            : type;
        inner = Nullable.GetUnderlyingType(inner) ?? inner;
        return inner switch
        {
            _ when inner == typeof(string) => "must be a text",
            _ when inner == typeof(int) =>
                $"must be a whole number, without quotes or fraction, of at most {int.MaxValue}",
            _ when inner == typeof(long) => "must be a whole number, without quotes or fraction",
            _ when inner == typeof(bool) => "must be true or false",
            _ when inner == typeof(DateTimeOffset) => "must be a time with its offset, such as 2027-03-01T19:00:00Z",
            _ when inner == typeof(Guid) => "must be an id",
            _ => "has the wrong type",
        };
    }

    private static Problem Malformed(string detail) => new(ProblemCodes.MalformedJson, detail);

    private static string Article(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };

    // The parser's own words up to where it adds the path and position again.
    private static string Reason(JsonException exception)
    {
        var end = exception.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return Printable(end < 0 ? exception.Message : exception.Message[..end]);
    }

    private static string Printable(string text) =>
        new([.. text.Take(200).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c)]);
}
