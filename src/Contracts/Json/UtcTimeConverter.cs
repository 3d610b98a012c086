using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gatehouse.Contracts.Json;

/// <summary>
/// Times on the wire: ISO 8601, always with an offset when read (without one it would mean the server's zone), always
/// UTC with
/// <c>Z</c> when written.
/// </summary>
public sealed class UtcTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String || !reader.TryGetDateTimeOffset(out var time) ||
            !HasOffset(reader.GetString()!))
        {
            throw new JsonException();
        }

        return time.ToUniversalTime();
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime);

    private static bool HasOffset(string text) =>
        text.EndsWith('Z') ||
        (text.Length > 6 && text[^6] is '+' or '-' && text.Contains('T', StringComparison.Ordinal));
}
