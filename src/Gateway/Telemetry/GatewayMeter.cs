using System.Diagnostics.Metrics;
using Gatehouse.Foundation.Telemetry;

namespace Gatehouse.Gateway.Telemetry;

/// <summary>Rate, errors and duration of what is forwarded. Durations are in seconds, as OpenTelemetry has them.</summary>
internal static class GatewayMeter
{
    // Those of http.server.request.duration, and finer below: a gateway's own share is under a millisecond.
    private static readonly InstrumentAdvice<double> Durations = new()
    {
        HistogramBucketBoundaries =
            [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30],
    };

    public static readonly Histogram<double> Requests = GatehouseMeter.Meter.CreateHistogram(
        "gatehouse.gateway.request.duration", "s",
        "Requests of routes until their answer has left, by route and class of status.", tags: null, Durations);

    public static readonly UpDownCounter<long> UnderWay = GatehouseMeter.Meter.CreateUpDownCounter<long>(
        "gatehouse.gateway.request.active", "{request}", "Requests under way, by route.");

    public static readonly Histogram<double> Tries = GatehouseMeter.Meter.CreateHistogram(
        "gatehouse.gateway.try.duration", "s",
        "Tries until the head of their answer is there, by cluster, destination and result.", tags: null, Durations);

    public static readonly Counter<long> BytesIn = GatehouseMeter.Meter.CreateCounter<long>(
        "gatehouse.gateway.request.bytes", "By", "Bodies of requests whose length was told, by route.");

    public static readonly Counter<long> BytesOut = GatehouseMeter.Meter.CreateCounter<long>(
        "gatehouse.gateway.response.bytes", "By", "Bodies that destinations sent to their end, by route.");
}
