using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Gatehouse.Foundation.Messaging;

/// <summary>
/// An integration event on its way: as the outbox holds it, the bus carries it and a consumer gets it.
/// </summary>
/// <param name="Id">UUIDv7; the same however often it is delivered.</param>
/// <param name="Type">Such as <c>booking.confirmed</c>.</param>
/// <param name="AggregateId">What it is about.</param>
/// <param name="OccurredAt">When the change was made, UTC.</param>
/// <param name="Payload">The JSON of its record in Contracts.</param>
public sealed record ReceivedEvent(
    Guid Id, string Type, string AggregateId, DateTimeOffset OccurredAt, string Payload)
{
    /// <summary>Throws <see cref="JsonException"/> when the payload is not of that shape.</summary>
    public T Read<T>(JsonTypeInfo<T> json)
        where T : class =>
        JsonSerializer.Deserialize(Payload, json) ?? throw new JsonException($"The payload of {Type} is null.");
}
