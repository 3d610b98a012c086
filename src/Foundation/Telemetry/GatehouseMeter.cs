using System.Diagnostics.Metrics;

namespace Gatehouse.Foundation.Telemetry;

internal static class GatehouseMeter
{
    public static readonly Meter Meter = new("Gatehouse");
}
