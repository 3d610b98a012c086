using System.Diagnostics.Metrics;
using Gatehouse.Foundation.Telemetry;

namespace Gatehouse.Foundation.Messaging.Rabbit;

/// <summary>What is counted between this process and the broker.</summary>
internal static class RabbitMetrics
{
    private static readonly Counter<long> PublishedCount = GatehouseMeter.Meter.CreateCounter<long>(
        "gatehouse.broker.published", "{event}", "Events that the broker confirmed.");

    private static readonly Histogram<double> ConfirmSeconds = GatehouseMeter.Meter.CreateHistogram<double>(
        "gatehouse.broker.confirm.duration", "s", "From the first event of a batch to the confirmation of the last.");

    private static readonly Counter<long> ConsumedCount = GatehouseMeter.Meter.CreateCounter<long>(
        "gatehouse.broker.consumed", "{event}", "Events that came from the broker and were acknowledged.");

    private static readonly Counter<long> ReconnectCount = GatehouseMeter.Meter.CreateCounter<long>(
        "gatehouse.broker.reconnects", "{outage}", "Times that the broker came back.");

    public static void Published(int count, TimeSpan confirmedIn)
    {
        PublishedCount.Add(count);
        ConfirmSeconds.Record(confirmedIn.TotalSeconds);
    }

    public static void Consumed(string consumer, int count) =>
        ConsumedCount.Add(count, new KeyValuePair<string, object?>("consumer", consumer));

    public static void Reconnected() => ReconnectCount.Add(1);
}
