using Gatehouse.Foundation.Configuration;

namespace Gatehouse.Foundation.Messaging;

/// <summary>The way of integration events from outbox to inbox.</summary>
[Section("Messaging")]
public sealed class MessagingOptions
{
    [Setting("Seconds an instance that is silent keeps its part of the outbox (PostgreSQL).", Min = 3, Max = 300)]
    public int LeaseSeconds { get; set; } = 10;

    [Setting("Days that events which were sent stay in the outbox.", Min = 1, Max = 3650)]
    public int KeepSentDays { get; set; } = 7;

    [Setting("Days that an event which comes again is known to have been handled.", Min = 1, Max = 3650)]
    public int KeepHandledDays { get; set; } = 14;
}
