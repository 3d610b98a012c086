using Gatehouse.Contracts;
using Gatehouse.Gateway.Destinations;
using Gatehouse.Gateway.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Gateway.Services;

/// <summary>What is in force, in pages; by page number only, since it is all in memory.</summary>
internal sealed class GatewayViews(Snapshots snapshots, Memberships memberships)
{
    public Result<ListAnswer<RouteView>> Routes(PageRequest page) =>
        PageOf(snapshots.Current.Routes.Routes, page, (route, index) => RouteView.Of(route, index));

    public Result<ListAnswer<ClusterView>> Clusters(PageRequest page)
    {
        var current = snapshots.Current;
        var routes = current.Routes.Routes.ToLookup(route => route.Cluster.Id, route => route.Id);
        return PageOf(
            [.. current.Clusters.Values.OrderBy(cluster => cluster.Id, StringComparer.Ordinal)], page,
            (cluster, _) => new ClusterView(
                cluster.Id, WordOf(cluster.Balancing.Policy), cluster.Http2,
                (int)cluster.ConnectTimeout.TotalMilliseconds, cluster.Destinations.Count,
                [.. routes[cluster.Id].Order(StringComparer.Ordinal).Take(100)]));
    }

    public Result<ListAnswer<DestinationView>> Destinations(PageRequest page) => PageOf(
        [.. memberships.All.SelectMany(one => DestinationView.Of(one.Describe()))],
        page, (destination, _) => destination);

    public Result<ListAnswer<DestinationBreaker>> Breakers(PageRequest page) => PageOf(
        [.. memberships.All.SelectMany(one => one.Describe()).Where(one => one.Breaker is not null)
            .OrderByDescending(one => one.Breaker)],
        page, (one, _) => new DestinationBreaker(
            one.Cluster, one.Id, DestinationView.WordOf(one.Breaker!.Value), one.BreakerFailures ?? 0,
            one.BreakerOpenUntil, one.State == "isolated"));

    private static string WordOf(BalancingPolicy policy) => policy switch
    {
        BalancingPolicy.PowerOfTwo => "power-of-two",
        BalancingPolicy.LeastRequests => "least-requests",
        BalancingPolicy.RoundRobin => "round-robin",
        BalancingPolicy.Random => "random",
        BalancingPolicy.Hash => "hash",
        _ => "cookie",
    };

    private static Result<ListAnswer<TView>> PageOf<T, TView>(
        IReadOnlyList<T> all, PageRequest page, Func<T, int, TView> view)
    {
        if (page.Number is not { } number)
        {
            var faults = new Faults();
            faults.Add("cursor", "is not offered here; use page");
            return faults.ToProblem(ProblemCodes.InvalidQuery);
        }

        var items = all.Select((one, index) => (one, index)).Skip(page.Offset).Take(page.Limit)
            .Select(one => view(one.one, one.index)).ToList();
        return ListAnswer<TView>.From(new Page<TView>(items, page.Limit) { Number = number, Total = all.Count });
    }
}
