using System.Diagnostics.Metrics;
using Gatehouse.Foundation.Telemetry;

namespace Gatehouse.Gateway.Registry;

/// <summary>How the registry fares. Clusters are those of the file.</summary>
internal static class RegistryMetrics
{
    private static readonly Gauge<long> Members = GatehouseMeter.Meter.CreateGauge<long>(
        "gatehouse.gateway.registry.members", "{member}", "Registered servers that a cluster takes in.");

    private static readonly Gauge<double> Lost = GatehouseMeter.Meter.CreateGauge<double>(
        "gatehouse.gateway.registry.lost", "s", "For how long the registry's store has not answered; 0 while it does.");

    private static readonly Counter<long> Calls = GatehouseMeter.Meter.CreateCounter<long>(
        "gatehouse.gateway.registry.calls", "{call}", "Calls of servers, by act and outcome.");

    public static void Has(string cluster, int members) =>
        Members.Record(members, new KeyValuePair<string, object?>("cluster", cluster));

    public static void LostFor(TimeSpan time) => Lost.Record(time.TotalSeconds);

    public static void Called(string act, string outcome) => Calls.Add(
        1, new KeyValuePair<string, object?>("act", act), new KeyValuePair<string, object?>("outcome", outcome));
}
