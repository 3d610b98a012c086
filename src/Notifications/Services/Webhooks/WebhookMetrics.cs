using System.Diagnostics.Metrics;
using Gatehouse.Foundation.Telemetry;

namespace Gatehouse.Notifications.Services.Webhooks;

/// <summary>What webhooks are measured by; never by host, since users choose those.</summary>
internal static class WebhookMetrics
{
    private static readonly Histogram<double> Attempts = GatehouseMeter.Meter.CreateHistogram<double>(
        "gatehouse.webhooks.attempts", "s", "Attempts to deliver webhooks: until the answer, and what became of them.");

    public static void Attempted(string status, TimeSpan took) =>
        Attempts.Record(took.TotalSeconds, new KeyValuePair<string, object?>("status", status));
}
