namespace Gatehouse.Gateway.Domain;

/// <summary>
/// Finds the route of a request: by host a tree of path segments, down which only what can match is visited, so that
/// the number of routes does not matter. Of those that match the first in order wins: higher priority; a host named,
/// then the longest wildcard, then any; the path read from the left, where a literal goes before a parameter and that
/// before the rest; methods named; more conditions; the id.
/// </summary>
internal sealed class RouteTable
{
    private readonly Dictionary<string, PathTree>.AlternateLookup<ReadOnlySpan<char>> exact;
    private readonly Dictionary<string, PathTree>.AlternateLookup<ReadOnlySpan<char>> wildcards;
    private readonly bool hasWildcards;
    private readonly PathTree? anyHost;

    private RouteTable(IReadOnlyList<RoutePlace> places)
    {
        Routes = [.. places.Select(place => place.Route).Distinct()];
        exact = Trees(places.Where(place => place.Host is { IsWildcard: false }));
        wildcards = Trees(places.Where(place => place.Host is { IsWildcard: true }));
        hasWildcards = wildcards.Dictionary.Count > 0;
        anyHost = places.Any(place => place.Host is null)
            ? PathTree.Of(places.Where(place => place.Host is null))
            : null;
    }

    /// <summary>In the order in which they are preferred where more than one matches.</summary>
    public IReadOnlyList<Route> Routes { get; }

    public static RouteTable Of(IEnumerable<Route> routes)
    {
        var places = routes
            .SelectMany(route => route.Match.Hosts.Count == 0
                ? [new RoutePlace(route, null)]
                : route.Match.Hosts.Select(host => new RoutePlace(route, host)))
            .OrderBy(place => place, RouteOrder.Instance)
            .ToList();
        for (var i = 0; i < places.Count; i++)
        {
            places[i].Rank = i;
        }

        return new RouteTable(places);
    }

    /// <summary>Allocates nothing.</summary>
    public RouteMatch Match<TRequest>(scoped ref readonly TRequest request)
        where TRequest : struct, IRequestFacts, allows ref struct
    {
        var search = new PathSearch();
        Visit(in request, ref search);
        return new RouteMatch(search.Found?.Route, search.Captures);
    }

    /// <summary>
    /// After no match: the methods with which there would have been one, for 405 and <c>Allow</c>; empty for 404.
    /// </summary>
    public IReadOnlyCollection<string> Allowed<TRequest>(scoped ref readonly TRequest request)
        where TRequest : struct, IRequestFacts, allows ref struct
    {
        var methods = new SortedSet<string>(StringComparer.Ordinal);
        var search = new PathSearch { Methods = methods };
        Visit(in request, ref search);
        if (methods.Contains("GET"))
        {
            methods.Add("HEAD");
        }

        return methods;
    }

    private void Visit<TRequest>(scoped ref readonly TRequest request, ref PathSearch search)
        where TRequest : struct, IRequestFacts, allows ref struct
    {
        var host = request.Host;
        if (exact.TryGetValue(host, out var tree))
        {
            tree.Search(in request, ref search);
        }

        if (hasWildcards)
        {
            for (var dot = host.IndexOf('.'); dot >= 0; dot = Next(host, dot))
            {
                if (dot > 0 && wildcards.TryGetValue(host[dot..], out tree))
                {
                    tree.Search(in request, ref search);
                }
            }
        }

        anyHost?.Search(in request, ref search);
    }

    private static int Next(ReadOnlySpan<char> host, int dot)
    {
        var next = host[(dot + 1)..].IndexOf('.');
        return next < 0 ? -1 : dot + 1 + next;
    }

    private static Dictionary<string, PathTree>.AlternateLookup<ReadOnlySpan<char>> Trees(
        IEnumerable<RoutePlace> places) => places
        .GroupBy(place => place.Host!.Name, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(group => group.Key, group => PathTree.Of(group), StringComparer.OrdinalIgnoreCase)
        .GetAlternateLookup<ReadOnlySpan<char>>();
}
