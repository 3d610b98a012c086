using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using RabbitMQ.Client;

namespace Gatehouse.Foundation.Messaging.Rabbit;

/// <summary>An integration event as a message: its JSON is the body, the rest properties and headers.</summary>
internal static class RabbitMessage
{
    private const string Aggregate = "aggregate";
    private const string OccurredAt = "occurred-at";

    public static BasicProperties Properties(ReceivedEvent sent) => new()
    {
        Persistent = true,
        MessageId = sent.Id.ToString(),
        Type = sent.Type,
        ContentType = "application/json",
        AppId = "gatehouse",
        Headers = new Dictionary<string, object?>(2, StringComparer.Ordinal)
        {
            [Aggregate] = sent.AggregateId,
            [OccurredAt] = sent.OccurredAt.ToString("O", CultureInfo.InvariantCulture),
        },
    };

    public static byte[] Body(ReceivedEvent sent) => Encoding.UTF8.GetBytes(sent.Payload);

    /// <summary>The event; or what is wrong, and then whatever can be shown of it.</summary>
    public static ReceivedEvent Read(IReadOnlyBasicProperties properties, ReadOnlySpan<byte> body, out string? fault)
    {
        fault = null;
        if (!Guid.TryParse(properties.MessageId, out var id))
        {
            fault = "Its message-id is not a UUID.";
        }
        else if (string.IsNullOrEmpty(properties.Type))
        {
            fault = "It has no type.";
        }
        else if (Header(properties, Aggregate) is not { Length: > 0 } aggregateId)
        {
            fault = $"It has no header {Aggregate}.";
        }
        else if (!DateTimeOffset.TryParse(
            Header(properties, OccurredAt), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
        {
            fault = $"Its header {OccurredAt} is not a time.";
        }
        else if (!IsJson(body))
        {
            fault = "Its body is not JSON in UTF-8.";
        }
        else
        {
            return new ReceivedEvent(
                id, properties.Type, aggregateId, at.ToUniversalTime(), Encoding.UTF8.GetString(body));
        }

        fault += $" (message-id {properties.MessageId ?? "none"})";
        return Shown(properties, body);
    }

    // An id of its own, the same each time it comes: the one it claims may be that of an event that is well.
    private static ReceivedEvent Shown(IReadOnlyBasicProperties properties, ReadOnlySpan<byte> body) => new(
        IdOf(properties.MessageId ?? "", properties.Type ?? "", body),
        properties.Type is { Length: > 0 } type ? type : "unknown",
        Header(properties, Aggregate) ?? "",
        DateTimeOffset.UnixEpoch,
        Encoding.UTF8.GetString(body));

    // Broken bodies are alike, such as empty ones: all that tells one message from another counts.
    private static Guid IdOf(string messageId, string type, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{messageId.Length}:{messageId}{type.Length}:{type}"));
        hash.AppendData(body);
        return new Guid(hash.GetHashAndReset().AsSpan(0, 16));
    }

    private static string? Header(IReadOnlyBasicProperties properties, string name) =>
        properties.Headers?.TryGetValue(name, out var value) == true && value is byte[] text
            ? Encoding.UTF8.GetString(text)
            : null;

    private static bool IsJson(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            while (reader.Read())
            {
                // To its end.
            }

            return Utf8.IsValid(body);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
