using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Configuration;

/// <summary>What of a route can be read and makes no sense all the same.</summary>
internal sealed class RouteChecks(FileFaults faults)
{
    public void Check(Bound route, IReadOnlySet<string> clusters)
    {
        CheckCluster(route, clusters);
        CheckTimes(route);
        var match = route.Find(RouteKeys.Match);
        if (match?.Find(RouteKeys.Path) is { } path && path.Segments[0].Kind == SegmentKind.Literal &&
            OwnPaths.Names(path.Segments[0].Text))
        {
            faults.Add(Rules.PathReserved, match.NodeOf(RouteKeys.Path)!,
                $"the gateway answers /{path.Segments[0].Text} itself");
        }

        new TransformChecks(faults).Check(route.Find(PolicyKeys.Transform), match);
        new FallbackChecks(faults).Check(route, clusters);
        CheckLimits(route);
        CheckCors(route.Find(PolicyKeys.Cors));
        CheckCache(route, match);
    }

    private void CheckCluster(Bound route, IReadOnlySet<string> clusters)
    {
        if (route.Find(RouteKeys.Cluster) is { } cluster && !clusters.Contains(cluster))
        {
            var nearest = Foundation.Configuration.Spelling.Nearest(cluster, clusters);
            faults.Add(Rules.UnknownCluster, route.NodeOf(RouteKeys.Cluster)!, $"there is no cluster {cluster}",
                nearest is null ? "add it to clusters" : $"did you mean {nearest}?");
        }
    }

    private void CheckTimes(Bound route)
    {
        var deadline = route.Value(RouteKeys.Deadline) ?? TimeSpan.FromSeconds(30);
        var perTry = route.Value(RouteKeys.PerTry);
        if (perTry > deadline)
        {
            faults.Add(Rules.TryOverDeadline, route.NodeOf(RouteKeys.PerTry)!,
                $"one try may take {Amounts.Text(perTry.Value)}, the whole request {Amounts.Text(deadline)}");
        }

        if (route.Find(PolicyKeys.Retry) is not { } said || route.IsFaulty(RouteKeys.Deadline))
        {
            return;
        }

        var retry = RouteBinding.RetryOf(said);
        if (perTry is { } one && one <= deadline && one * retry.Attempts > deadline)
        {
            faults.Add(Rules.RetryOverDeadline, said.NodeOf(PolicyKeys.Attempts) ?? said.Node,
                $"{retry.Attempts} tries of {Amounts.Text(one)} are more than the deadline of {Amounts.Text(deadline)}",
                $"make perTry {Amounts.Text(Share(deadline, retry.Attempts))} or less");
        }

        if (retry.Backoff > retry.BackoffMax)
        {
            faults.Add(Rules.BackoffOrder, said.NodeOf(PolicyKeys.Backoff) ?? said.NodeOf(PolicyKeys.BackoffMax)!,
                $"backoff {Amounts.Text(retry.Backoff)} is more than backoffMax {Amounts.Text(retry.BackoffMax)}");
        }

        if (said.Value(PolicyKeys.RetryBody) is { } kept && route.Value(RouteKeys.BodyMax) is { } taken && kept > taken)
        {
            faults.Add(Rules.RetryBody, said.NodeOf(PolicyKeys.RetryBody)!,
                $"the route takes bodies of {Amounts.Text(taken)} at most");
        }

        CheckRetriedMethods(said);
    }

    private static TimeSpan Share(TimeSpan deadline, int attempts) =>
        TimeSpan.FromMilliseconds(Math.Floor(deadline.TotalMilliseconds / attempts));

    private void CheckRetriedMethods(Bound retry)
    {
        var methods = retry.Find(PolicyKeys.RetryMethods) ?? [];
        foreach (var (index, method) in methods.Index())
        {
            if (!Retry.IdempotentMethods.Contains(method))
            {
                var list = (ListNode)retry.NodeOf(PolicyKeys.RetryMethods)!;
                faults.Add(Rules.RetryNotIdempotent, list.Items[index], $"{method} may do something twice",
                    "take it away: it is repeated all the same when nothing was sent; with a key, see keyed");
            }
        }
    }

    private void CheckLimits(Bound route)
    {
        if (route.Find(PolicyKeys.Limits) is not { } limits)
        {
            return;
        }

        var total = PerSecond(limits.Find(PolicyKeys.Total));
        foreach (var key in (Key<Bound>[])[PolicyKeys.PerAddress, PolicyKeys.PerUser])
        {
            if (PerSecond(limits.Find(key)) is { } one && total <= one)
            {
                faults.Add(Rules.LimitOverlap, limits.KeyAt(key), limits.NodeOf(key)!.Path,
                    $"total is reached before {key.Name} ever is");
            }
        }

        if (limits.Has(PolicyKeys.PerUser) && !route.Has(PolicyKeys.Auth))
        {
            faults.Add(Rules.LimitNeedsUser, limits.KeyAt(PolicyKeys.PerUser), limits.NodeOf(PolicyKeys.PerUser)!.Path,
                "nobody has to sign in here, so there is nobody to count", "add auth: {}, or count by perAddress");
        }
    }

    private static double? PerSecond(Bound? rate) =>
        rate?.Value(PolicyKeys.Requests) / rate?.Value(PolicyKeys.Per)?.TotalSeconds;

    private void CheckCors(Bound? cors)
    {
        if (cors?.Find(PolicyKeys.Origins) is not { } origins || !origins.Contains("*"))
        {
            return;
        }

        if (origins.Count > 1)
        {
            faults.Add(Rules.CorsOrigins, cors.NodeOf(PolicyKeys.Origins)!, "* is every origin, the others included");
        }

        if (cors.Value(PolicyKeys.Credentials) == true)
        {
            faults.Add(Rules.CorsCredentials, cors.NodeOf(PolicyKeys.Credentials)!,
                "any page could act as whoever looks at it", "name the origins");
        }
    }

    private void CheckCache(Bound route, Bound? match)
    {
        if (route.Find(PolicyKeys.Cache) is not { } cache)
        {
            return;
        }

        if (route.Has(PolicyKeys.Auth) && !cache.Has(PolicyKeys.CacheKey))
        {
            faults.Add(Rules.CacheNeedsKey, route.KeyAt(PolicyKeys.Cache), cache.Path,
                "one person's answers would be given to another",
                "name what tells them apart: keyHeader: Authorization");
        }

        if (match?.Find(RouteKeys.Methods) is { } methods && !methods.Contains("GET") && !methods.Contains("HEAD"))
        {
            faults.Add(Rules.CacheMethod, route.KeyAt(PolicyKeys.Cache), cache.Path,
                "only answers to GET are kept, and the route takes none");
        }

        if (route.Find(PolicyKeys.Transform)?.Find(PolicyKeys.SendMethod) is { } sent and not "GET")
        {
            faults.Add(Rules.CacheMethod, route.KeyAt(PolicyKeys.Cache), cache.Path,
                $"the destination would be sent {sent}, whose answers are not to be given again");
        }
    }
}
