namespace Gatehouse.Gateway.Configuration;

/// <summary>What of a fallback can be read and makes no sense all the same.</summary>
internal sealed class FallbackChecks(FileFaults faults)
{
    public void Check(Bound route, IReadOnlySet<string> clusters)
    {
        if (route.Find(FallbackKeys.Fallback) is not { } fallback)
        {
            return;
        }

        if (fallback.Has(FallbackKeys.Cluster) == fallback.Has(FallbackKeys.Answer))
        {
            faults.Add(Rules.FallbackIncomplete, route.KeyAt(FallbackKeys.Fallback), fallback.Path,
                fallback.Has(FallbackKeys.Cluster)
                    ? "it is a cluster or an answer, not both"
                    : "it names neither a cluster nor an answer",
                "give one: cluster or answer");
        }

        CheckCluster(route, fallback, clusters);
        if (fallback.Find(FallbackKeys.Answer) is { } answer)
        {
            CheckAnswer(answer);
        }
    }

    private void CheckCluster(Bound route, Bound fallback, IReadOnlySet<string> clusters)
    {
        if (fallback.Find(FallbackKeys.Cluster) is not { } cluster)
        {
            return;
        }

        var node = fallback.NodeOf(FallbackKeys.Cluster)!;
        if (!clusters.Contains(cluster))
        {
            var nearest = Foundation.Configuration.Spelling.Nearest(cluster, clusters);
            faults.Add(Rules.UnknownCluster, node, $"there is no cluster {cluster}",
                nearest is null ? "add it to clusters" : $"did you mean {nearest}?");
        }
        else if (cluster == route.Find(RouteKeys.Cluster))
        {
            faults.Add(Rules.FallbackItself, node, $"{cluster} is where the route leads already");
        }
    }

    private void CheckAnswer(Bound answer)
    {
        if (answer.Value(FallbackKeys.Status) is 204 or 205 or 304 && answer.Has(FallbackKeys.Body))
        {
            faults.Add(Rules.FallbackBody, answer.KeyAt(FallbackKeys.Body), answer.NodeOf(FallbackKeys.Body)!.Path,
                $"an answer with status {answer.Value(FallbackKeys.Status)} has no body");
        }

        new TransformChecks(faults).CheckSet(answer.Find(FallbackKeys.Headers) ?? []);
    }
}
