using System.Diagnostics.Metrics;

namespace Gatehouse.Gateway.Tests.Telemetry;

/// <summary>How many requests of a route are under way, as the gateway's own figures say.</summary>
internal sealed class UnderWay : IDisposable
{
    private readonly MeterListener listener = new();
    private long count;

    /// <param name="route">With an id that no other test's route has.</param>
    public UnderWay(string route)
    {
        listener.InstrumentPublished = static (instrument, self) =>
        {
            if (instrument.Name == "gatehouse.gateway.request.active")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, change, tags, _) =>
        {
            if (tags is [{ Key: "route", Value: string said }] && said == route)
            {
                Interlocked.Add(ref count, change);
            }
        });
        listener.Start();
    }

    public long Count => Interlocked.Read(ref count);

    public void Dispose() => listener.Dispose();
}
