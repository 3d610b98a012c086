using Gatehouse.Foundation.Resilience;
using Gatehouse.Gateway.Destinations;

namespace Gatehouse.Gateway.Services;

/// <summary>A server in force, as this process sees it.</summary>
/// <param name="Share">Of new requests of its cluster by weight, from 0 to 1.</param>
/// <param name="Source"><c>file</c> or <c>registry</c>.</param>
/// <param name="State"><c>up</c>, <c>unknown</c> while it was not probed, <c>down</c>, <c>ejected</c>,
/// <c>draining</c> or <c>isolated</c>.</param>
/// <param name="Since">That it is so.</param>
/// <param name="TakesRequests">New ones.</param>
/// <param name="Why">It does not.</param>
/// <param name="UnderWay">Requests and WebSockets.</param>
/// <param name="Failures">In a row, where requests are watched.</param>
/// <param name="EjectedUntil">While it is ejected.</param>
/// <param name="Breaker"><c>closed</c>, <c>half-open</c> or <c>open</c>, where it has one.</param>
/// <param name="Waiting">Requests for a place, where places are counted.</param>
internal sealed record DestinationView(
    string Cluster,
    string Id,
    string Address,
    int Weight,
    double Share,
    string Source,
    string State,
    DateTimeOffset Since,
    bool TakesRequests,
    string? Why,
    int UnderWay,
    int Failures,
    ProbeView? LastProbe,
    DateTimeOffset? EjectedUntil,
    string? Breaker,
    int? Waiting)
{
    /// <param name="reports">Of one cluster, all of it.</param>
    public static IEnumerable<DestinationView> Of(IReadOnlyList<DestinationReport> reports)
    {
        var all = reports.Where(one => one.Why is null).Sum(one => one.Weight);
        return reports.Select(one => new DestinationView(
            one.Cluster, one.Id, one.Address.AbsoluteUri, one.Weight,
            all == 0 || one.Why is not null ? 0 : Math.Round((double)one.Weight / all, 4),
            one.IsRegistered ? "registry" : "file",
            one.State, one.Since, one.Why is null, one.Why, one.UnderWay, one.Failures,
            one.LastProbe is { } probe
                ? new ProbeView(probe.At, (int)probe.Took.TotalMilliseconds, probe.Fault is null, probe.Fault)
                : null,
            one.EjectedUntil,
            one.Breaker is { } phase ? WordOf(phase) : null,
            one.Waiting));
    }

    public static string WordOf(BreakerPhase phase) => phase switch
    {
        BreakerPhase.Closed => "closed",
        BreakerPhase.HalfOpen => "half-open",
        _ => "open",
    };
}

/// <param name="Fault">A status, <c>timeout</c> and the like.</param>
internal sealed record ProbeView(DateTimeOffset At, int Ms, bool Good, string? Fault);

/// <summary>The breaker of a destination, in this process.</summary>
/// <param name="State"><c>closed</c>, <c>half-open</c> or <c>open</c>.</param>
/// <param name="Failures">In a row.</param>
/// <param name="OpenUntil">When requests may try.</param>
/// <param name="Isolated">An administrator keeps requests away, whatever the breaker says.</param>
internal sealed record DestinationBreaker(
    string Cluster, string Destination, string State, int Failures, DateTimeOffset? OpenUntil, bool Isolated);

/// <summary>What became of an administrator's word.</summary>
/// <param name="Audited">False where it was done while no database could take the row of the audit log.</param>
internal sealed record DestinationChange(DestinationView Destination, bool Audited);
