using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Configuration;

/// <summary>What of a cluster can be read and makes no sense all the same.</summary>
internal sealed class ClusterChecks(FileFaults faults)
{
    public void Check(Named<Bound> named)
    {
        var cluster = named.Value;
        if (!cluster.Has(ClusterKeys.Destinations))
        {
            if (!cluster.Has(ClusterKeys.Registry))
            {
                faults.Add(Rules.MissingKey, cluster.Node, "destinations is missing",
                    "add destinations: { a: { address: http://orders:8080 } }, or registry: true");
            }
        }
        else if (cluster.NodeOf(ClusterKeys.Destinations) is MapNode { Entries.Count: 0 } none &&
            !cluster.Has(ClusterKeys.Registry))
        {
            faults.Add(Rules.NoDestinations, none, $"{named.Key.Key} has nowhere to send a request",
                "add one: { a: { address: http://orders:8080 } }");
        }
        else if (cluster.Find(ClusterKeys.Destinations) is { } destinations)
        {
            CheckDestinations(cluster, destinations);
        }

        if (cluster.Find(ClusterKeys.Balancing) is { } balancing && !balancing.IsFaulty(ClusterKeys.Policy))
        {
            CheckBalancing(balancing);
        }

        if (cluster.Find(ClusterKeys.Health)?.Find(ClusterKeys.Active) is { } said)
        {
            var active = ClusterBinding.ActiveOf(said);
            if (active.Timeout > active.Interval)
            {
                faults.Add(Rules.HealthTimeout,
                    said.NodeOf(ClusterKeys.HealthTimeout) ?? said.NodeOf(ClusterKeys.Interval)!,
                    $"timeout {Amounts.Text(active.Timeout)} is more than interval {Amounts.Text(active.Interval)}");
            }

            if (active.Path[0] != '/')
            {
                faults.Add(Rules.BadText, said.NodeOf(ClusterKeys.HealthPath)!, "a path begins with /");
            }
        }
    }

    private void CheckDestinations(Bound cluster, IReadOnlyList<Named<Bound>> destinations)
    {
        var all = (MapNode)cluster.NodeOf(ClusterKeys.Destinations)!;
        if (destinations.Count == all.Entries.Count && !cluster.Has(ClusterKeys.Registry) &&
            destinations.All(d => d.Value.Value(ClusterKeys.Weight) == 0))
        {
            faults.Add(Rules.WeightsAllZero, cluster.KeyAt(ClusterKeys.Destinations), all.Path,
                "every destination has weight 0, so none gets a request");
        }

        var seen = new Dictionary<Uri, string>();
        foreach (var (key, destination) in destinations)
        {
            if (destination.Find(ClusterKeys.Address) is { } address && !seen.TryAdd(address, key.Key))
            {
                faults.Add(Rules.DuplicateAddress, destination.NodeOf(ClusterKeys.Address)!,
                    $"{seen[address]} has this address already", "for a larger share give it more weight");
            }
        }
    }

    private void CheckBalancing(Bound said)
    {
        var policy = said.Value(ClusterKeys.Policy) ?? BalancingPolicy.PowerOfTwo;
        var goesBy = policy switch
        {
            BalancingPolicy.Hash => (Key[])[ClusterKeys.HashHeader, ClusterKeys.HashParameter],
            BalancingPolicy.Cookie => [ClusterKeys.CookieName],
            _ => [],
        };
        var given = goesBy.Where(said.Has).ToList();
        if (goesBy.Length > 0 && given.Count != 1)
        {
            var names = string.Join(" or ", goesBy.Select(key => key.Name));
            faults.Add(Rules.BalancingIncomplete, said.NodeOf(ClusterKeys.Policy)!,
                given.Count == 0 ? $"it goes by {names}" : $"it goes by {names}, not by both", $"give one: {names}");
        }

        foreach (var key in ((Key[])[ClusterKeys.HashHeader, ClusterKeys.HashParameter, ClusterKeys.CookieName])
            .Where(key => said.Has(key) && !goesBy.Contains(key)))
        {
            faults.Add(Rules.BalancingUnused, said.KeyAt(key), said.NodeOf(key)!.Path,
                $"{key.Name} means nothing to this policy");
        }
    }
}
