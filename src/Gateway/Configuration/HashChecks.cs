namespace Gatehouse.Gateway.Configuration;

/// <summary>A cluster that goes by a parameter of the path needs it in the path of every route to it.</summary>
internal sealed class HashChecks(FileFaults faults)
{
    public void Check(Bound root)
    {
        var parameters = (root.Find(GatewayKeys.Clusters) ?? [])
            .Select(c => (c.Key.Key, Parameter: c.Value.Find(ClusterKeys.Balancing)?.Find(ClusterKeys.HashParameter)))
            .Where(c => c.Parameter is not null)
            .ToDictionary(c => c.Key, c => c.Parameter!, StringComparer.Ordinal);
        foreach (var route in root.Find(GatewayKeys.Routes) ?? [])
        {
            if (route.Value.Find(RouteKeys.Cluster) is { } cluster &&
                parameters.TryGetValue(cluster, out var parameter) &&
                route.Value.Find(RouteKeys.Match) is { } match && match.Find(RouteKeys.Path) is { } path &&
                !path.Parameters.Contains(parameter))
            {
                faults.Add(Rules.UnknownParameter, match.NodeOf(RouteKeys.Path)!,
                    $"{cluster} chooses by {{{parameter}}}, which this path does not have");
            }
        }
    }
}
