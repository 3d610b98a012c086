namespace Gatehouse.Gateway.Configuration;

/// <summary>
/// Over TLS the host that is kept chooses the certificate and the connections: any name a client makes up would have
/// connections of its own. So it has to be one that the file names.
/// </summary>
internal sealed class KeepHostChecks(FileFaults faults)
{
    public void Check(Bound root)
    {
        var secure = (root.Find(GatewayKeys.Clusters) ?? []).Where(cluster => IsSecure(cluster.Value))
            .Select(cluster => cluster.Key.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var (_, route) in root.Find(GatewayKeys.Routes) ?? [])
        {
            if (route.Find(PolicyKeys.Transform) is { } transform && transform.Value(PolicyKeys.KeepHost) == true &&
                route.Find(RouteKeys.Cluster) is { } cluster && secure.Contains(cluster) &&
                route.Find(RouteKeys.Match) is { } match && !match.IsFaulty(RouteKeys.Hosts) && !IsNamed(match))
            {
                faults.Add(Rules.KeepHostUnnamed, transform.NodeOf(PolicyKeys.KeepHost)!,
                    $"{cluster} is reached over TLS, and the route takes any host",
                    "name its hosts, without *, or take keepHost away");
            }
        }
    }

    private static bool IsSecure(Bound cluster) => (cluster.Find(ClusterKeys.Destinations) ?? []).Any(
        destination => destination.Value.Find(ClusterKeys.Address)?.Scheme == Uri.UriSchemeHttps);

    private static bool IsNamed(Bound match) =>
        match.Find(RouteKeys.Hosts) is { Count: > 0 } hosts && !hosts.Any(host => host.IsWildcard);
}
