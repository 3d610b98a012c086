using System.Diagnostics.Metrics;
using Gatehouse.Foundation.Telemetry;

namespace Gatehouse.Gateway.Services;

/// <summary>How the file fares.</summary>
internal sealed class ConfigMetrics
{
    private static readonly Counter<long> Readings = GatehouseMeter.Meter.CreateCounter<long>(
        "gatehouse.gateway.config.readings", "{reading}", "Readings of the gateway's file, by outcome.");

    private static readonly Gauge<long> Revision = GatehouseMeter.Meter.CreateGauge<long>(
        "gatehouse.gateway.config.revision", "{revision}", "The revision in force.");

    private static readonly Gauge<long> Refused = GatehouseMeter.Meter.CreateGauge<long>(
        "gatehouse.gateway.config.refused", "{file}", "1 while the file on disk is refused and an older one serves.");

#pragma warning disable CA1822 // One of a container, so that what uses it says so.
    public void Read(bool isTaken, ConfigState state)
#pragma warning restore CA1822
    {
        Readings.Add(1, new KeyValuePair<string, object?>("outcome", isTaken ? "taken" : "refused"));
        Revision.Record(state.Revision);
        Refused.Record(isTaken ? 0 : 1);
    }
}
