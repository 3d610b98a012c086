using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Registry;

/// <summary>Which members a cluster of the file takes in.</summary>
internal static class Intake
{
    /// <summary>Whether the file wants anybody to register under a name.</summary>
    public static bool IsOpen(Snapshot snapshot, string name) =>
        snapshot.Clusters.Values.Any(cluster => cluster.Registry?.Cluster == name);

    public static IReadOnlyList<Destination> Of(
        Cluster cluster, Snapshot snapshot, IReadOnlyList<StoredMember> members)
    {
        if (cluster.Registry is not { } rule)
        {
            return [];
        }

        var takesTls = !KeepsAnyHost(cluster, snapshot);
        var own = cluster.Destinations.Select(destination => destination.Id).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. members.Select(member => member.Member).Where(member =>
                member.Key.Cluster == rule.Cluster && !own.Contains(member.Key.Id) &&
                rule.Tags.All(tag => member.Tags.Contains(tag, StringComparer.Ordinal)) &&
                (takesTls || member.Address.Scheme != Uri.UriSchemeHttps))
                .Select(member => new Destination(member.Key.Id, member.Address, member.Weight, member.HealthPath)),
        ];
    }

    // Over TLS a kept host chooses certificate and connections: what the file may not say of its own destinations.
    private static bool KeepsAnyHost(Cluster cluster, Snapshot snapshot) => snapshot.Routes.Routes.Any(route =>
        route.Cluster.Id == cluster.Id && route.Transforms.KeepHost &&
        (route.Match.Hosts.Count == 0 || route.Match.Hosts.Any(host => host.IsWildcard)));
}
