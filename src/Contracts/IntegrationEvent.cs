namespace Gatehouse.Contracts;

/// <summary>
/// A fact a module publishes after it is committed, delivered at least once and in order per aggregate.
/// </summary>
/// <param name="Id">UUIDv7; consumers de-duplicate by it.</param>
/// <param name="OccurredAt">When the change was made, UTC.</param>
public abstract record IntegrationEvent(Guid Id, DateTimeOffset OccurredAt)
{
    /// <summary>Its stable name, such as <c>booking.confirmed</c>.</summary>
    public abstract string Type { get; }

    /// <summary>What it is about; the order of events of one aggregate is kept.</summary>
    public abstract string AggregateId { get; }

    /// <summary>The JSON consumers read, in camelCase.</summary>
    public abstract string ToJson();
}
