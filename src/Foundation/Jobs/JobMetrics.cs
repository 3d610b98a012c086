using System.Diagnostics.Metrics;
using Gatehouse.Foundation.Telemetry;

namespace Gatehouse.Foundation.Jobs;

/// <summary>What durable jobs are measured by: each with the kind, and attempts with how they ended.</summary>
internal static class JobMetrics
{
    private static readonly UpDownCounter<int> Running = GatehouseMeter.Meter.CreateUpDownCounter<int>(
        "gatehouse.jobs.running", "{job}", "Durable jobs that run in this process.");

    private static readonly Histogram<double> Attempts = GatehouseMeter.Meter.CreateHistogram<double>(
        "gatehouse.jobs.attempts", "s", "Attempts at durable jobs: how long they took and how they ended.");

    private static readonly Histogram<double> Schedules = GatehouseMeter.Meter.CreateHistogram<double>(
        "gatehouse.schedules.runs", "s", "Runs of schedules: how long they took and how they ended.");

    public static void Started(string kind) => Running.Add(1, Tag(kind));

    public static void Ended(string kind, string outcome, TimeSpan took)
    {
        Running.Add(-1, Tag(kind));
        Attempts.Record(took.TotalSeconds, Tag(kind), new KeyValuePair<string, object?>("outcome", outcome));
    }

    public static void Scheduled(string schedule, string outcome, TimeSpan took) => Schedules.Record(
        took.TotalSeconds,
        new KeyValuePair<string, object?>("schedule", schedule),
        new KeyValuePair<string, object?>("outcome", outcome));

    private static KeyValuePair<string, object?> Tag(string kind) => new("kind", kind);
}
