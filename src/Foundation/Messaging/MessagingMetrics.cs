using System.Diagnostics.Metrics;
using Gatehouse.Foundation.Telemetry;

namespace Gatehouse.Foundation.Messaging;

/// <summary>What is counted between the outbox and the consumers' effects.</summary>
internal static class MessagingMetrics
{
    private static readonly Counter<long> PublishedCount = GatehouseMeter.Meter.CreateCounter<long>(
        "gatehouse.outbox.published", "{event}", "Integration events handed to the bus and marked sent.");

    private static readonly Counter<long> ConsumedCount = GatehouseMeter.Meter.CreateCounter<long>(
        "gatehouse.inbox.consumed", "{event}", "Events whose effect was written.");

    private static readonly Counter<long> DuplicateCount = GatehouseMeter.Meter.CreateCounter<long>(
        "gatehouse.inbox.duplicates", "{event}", "Events that came again and had no second effect.");

    private static readonly Counter<long> FailedCount = GatehouseMeter.Meter.CreateCounter<long>(
        "gatehouse.inbox.failed", "{attempt}", "Attempts that failed; each event is tried again or given up.");

    private static readonly Counter<long> DeadCount = GatehouseMeter.Meter.CreateCounter<long>(
        "gatehouse.inbox.dead", "{event}", "Events that became dead letters.");

    private static readonly Gauge<double> LagSeconds = GatehouseMeter.Meter.CreateGauge<double>(
        "gatehouse.outbox.lag", "s", "Age of the oldest event that this instance is about to publish; 0 when all are.");

    public static void Lag(string module, TimeSpan age) =>
        LagSeconds.Record(Math.Max(0, age.TotalSeconds), new KeyValuePair<string, object?>("module", module));

    public static void Published(string module, int count) =>
        PublishedCount.Add(count, new KeyValuePair<string, object?>("module", module));

    public static void Consumed(string consumer, int count) => ConsumedCount.Add(count, Of(consumer));

    public static void Duplicates(string consumer, int count)
    {
        if (count > 0)
        {
            DuplicateCount.Add(count, Of(consumer));
        }
    }

    public static void Failed(string consumer) => FailedCount.Add(1, Of(consumer));

    public static void Dead(string consumer) => DeadCount.Add(1, Of(consumer));

    private static KeyValuePair<string, object?> Of(string consumer) => new("consumer", consumer);
}
