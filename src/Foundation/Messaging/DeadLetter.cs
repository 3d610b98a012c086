using System.Text.Json;
using System.Text.Json.Serialization;
using Gatehouse.Contracts;

namespace Gatehouse.Foundation.Messaging;

/// <summary>An event that a consumer was given again and again without success, or that is none.</summary>
public sealed class DeadLetter
{
    /// <summary>
    /// Its own, UUIDv7 of the time it was given up; one that is replayed and dies again has a new one.
    /// </summary>
    public Guid Id { get; init; }

    public string Consumer { get; init; } = "";

    /// <summary>Of the integration event.</summary>
    public Guid EventId { get; init; }

    /// <summary>Such as <c>booking.confirmed</c>.</summary>
    public string Type { get; init; } = "";

    /// <summary>What the event is about.</summary>
    public string AggregateId { get; init; } = "";

    public DateTimeOffset OccurredAt { get; init; }

    public DateTimeOffset ReceivedAt { get; init; }

    /// <summary>When it was given up.</summary>
    public DateTimeOffset DiedAt { get; init; }

    /// <summary>That failed; 0 where it was never given to the consumer.</summary>
    public int Attempts { get; init; }

    /// <summary>The last failure, at most 4,000 characters.</summary>
    public string Error { get; init; } = "";

    /// <summary>As it was received, JSON in most cases; not in lists.</summary>
    public string? Payload { get; init; }
}

/// <summary>Which dead letters are meant; all where nothing is said.</summary>
public sealed record DeadLetterFilter(string? Consumer, string? Type);

/// <summary>How many dead letters go to their consumers again.</summary>
public sealed record ReplayedLetters(int Replayed);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ListAnswer<DeadLetter>))]
[JsonSerializable(typeof(ReplayedLetters))]
internal sealed partial class DeadLetterJson : JsonSerializerContext;
