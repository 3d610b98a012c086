using System.Diagnostics.Metrics;

namespace Gatehouse.Foundation.Telemetry;

/// <summary>What every instrument of the program belongs to.</summary>
public static class GatehouseMeter
{
    public static readonly Meter Meter = new("Gatehouse");
}
