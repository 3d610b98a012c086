using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gatehouse.Notifications.Services.Mail;

/// <summary>What those who have booked are to hear of an event.</summary>
/// <param name="FactId">Of the integration event that told of it.</param>
/// <param name="Before">The event as it was last known.</param>
/// <param name="After">The event as it is.</param>
internal sealed record EventNews(Guid FactId, DateTimeOffset OccurredAt, KnownEvent Before, KnownEvent After)
{
    [JsonIgnore]
    public bool HasMovedInTime => (Before.StartAt, Before.EndAt) != (After.StartAt, After.EndAt);

    [JsonIgnore]
    public bool HasMovedPlace => Before.Venue != After.Venue;

    /// <summary>
    /// Null where nothing changed that people who come must know, or where it is over. That it was cancelled they hear
    /// booking by booking, as those are.
    /// </summary>
    public static EventNews? Of(Guid factId, DateTimeOffset occurredAt, KnownEvent before, KnownEvent after)
    {
        var news = new EventNews(factId, occurredAt, before, after);
        var wasOn = before.Status == KnownEvent.Published && before.EndAt > occurredAt;
        var isOn = after.Status == KnownEvent.Published;
        return wasOn && isOn && (news.HasMovedInTime || news.HasMovedPlace) ? news : null;
    }

    public string ToJson() => JsonSerializer.Serialize(this, EventNewsJson.Default.EventNews);

    public static EventNews FromJson(string json) =>
        JsonSerializer.Deserialize(json, EventNewsJson.Default.EventNews) ?? throw new JsonException("No news.");
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EventNews))]
internal sealed partial class EventNewsJson : JsonSerializerContext;
