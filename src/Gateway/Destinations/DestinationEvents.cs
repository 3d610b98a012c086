using System.Diagnostics.Metrics;
using Gatehouse.Foundation.Resilience;
using Gatehouse.Foundation.Telemetry;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Gateway.Destinations;

/// <summary>Says what happens to destinations, in the log and in numbers.</summary>
internal sealed partial class DestinationEvents(ILogger<DestinationEvents> log)
{
    private static readonly Counter<long> Ejections = GatehouseMeter.Meter.CreateCounter<long>(
        "gatehouse.gateway.destination.ejections", "{ejection}", "Destinations taken out for what requests met.");

    private static readonly Counter<long> Retries = GatehouseMeter.Meter.CreateCounter<long>(
        "gatehouse.gateway.retries", "{try}", "Requests that were sent again.");

    private static readonly Counter<long> Exhausted = GatehouseMeter.Meter.CreateCounter<long>(
        "gatehouse.gateway.retries.refused", "{try}", "Retries that were safe and in time, and past the budget.");

    private static readonly Counter<long> Fallbacks = GatehouseMeter.Meter.CreateCounter<long>(
        "gatehouse.gateway.fallbacks", "{request}", "Requests that were answered by a fallback.");

    public void Ejected(string cluster, string destination, TimeSpan time)
    {
        Ejections.Add(1, Of("cluster", cluster), Of("destination", destination));
        LogEjected(cluster, destination, time.TotalSeconds);
    }

    public void BreakerTurned(string cluster, string destination, BreakerPhase phase)
    {
        if (phase == BreakerPhase.Open)
        {
            LogBreakerOpened(cluster, destination);
        }
        else if (phase == BreakerPhase.Closed)
        {
            LogBreakerClosed(cluster, destination);
        }
    }

    public void Turned(string cluster, Seat seat, WhyOut was)
    {
        if (seat.Why == WhyOut.None)
        {
            LogBack(cluster, seat.State.Id, was);
        }
        else if (seat.Why is not (WhyOut.BreakerOpen or WhyOut.Ejected))
        {
            LogOut(cluster, seat.State.Id, seat.Why, seat.State.Health.LastProbe?.Fault);
        }
    }

#pragma warning disable CA1822 // One of a container, so that what uses it says so.
    public void Repeated(string cluster) => Retries.Add(1, Of("cluster", cluster));

    public void NotRepeated(string cluster) => Exhausted.Add(1, Of("cluster", cluster));

    public void FellBack(string cluster) => Fallbacks.Add(1, Of("cluster", cluster));
#pragma warning restore CA1822

    private static KeyValuePair<string, object?> Of(string name, string value) => new(name, value);

    [LoggerMessage(11200, LogLevel.Warning, "{Cluster}: {Destination} takes no requests: {Why}, {Fault}")]
    private partial void LogOut(string cluster, string destination, WhyOut why, string? fault);

    [LoggerMessage(11201, LogLevel.Information, "{Cluster}: {Destination} takes requests; it was out: {Why}")]
    private partial void LogBack(string cluster, string destination, WhyOut why);

    [LoggerMessage(11202, LogLevel.Warning, "{Cluster}: {Destination} is ejected for {Seconds} s")]
    private partial void LogEjected(string cluster, string destination, double seconds);

    [LoggerMessage(11203, LogLevel.Warning, "{Cluster}: the breaker of {Destination} opened")]
    private partial void LogBreakerOpened(string cluster, string destination);

    [LoggerMessage(11204, LogLevel.Information, "{Cluster}: the breaker of {Destination} closed")]
    private partial void LogBreakerClosed(string cluster, string destination);
}
