namespace Gatehouse.Gateway.Domain;

/// <summary>A route at one of its hosts; <see cref="Rank"/> is its place in the order of all, 0 the first.</summary>
internal sealed class RoutePlace(Route route, HostPattern? host)
{
    public Route Route { get; } = route;

    public HostPattern? Host { get; } = host;

    public int Rank { get; set; }
}

/// <summary>Which of two routes is asked first.</summary>
internal sealed class RouteOrder : IComparer<RoutePlace>
{
    public static readonly RouteOrder Instance = new();

    public int Compare(RoutePlace? x, RoutePlace? y)
    {
        var (a, b) = (x!.Route, y!.Route);
        var order = b.Priority.CompareTo(a.Priority);
        order = order != 0 ? order : HostRank(x.Host).CompareTo(HostRank(y.Host));
        order = order != 0 ? order : ComparePaths(a.Match.Path.Segments, b.Match.Path.Segments);
        order = order != 0 ? order : (a.Match.Methods.Count == 0).CompareTo(b.Match.Methods.Count == 0);
        order = order != 0 ? order : Conditions(b).CompareTo(Conditions(a));
        order = order != 0 ? order : string.CompareOrdinal(a.Id, b.Id);
        return order != 0 ? order : string.CompareOrdinal(x.Host?.Text, y.Host?.Text);
    }

    // Of two wildcards that match one host the longer is the nearer.
    private static int HostRank(HostPattern? host) =>
        host is null ? int.MaxValue : host.IsWildcard ? HostPattern.CharactersMax - host.Text.Length : -1;

    private static int ComparePaths(IReadOnlyList<PathSegment> a, IReadOnlyList<PathSegment> b)
    {
        for (var i = 0; i < Math.Min(a.Count, b.Count); i++)
        {
            if (a[i].Kind != b[i].Kind)
            {
                return a[i].Kind.CompareTo(b[i].Kind);
            }
        }

        return a.Count.CompareTo(b.Count);
    }

    private static int Conditions(Route route) => route.Match.Headers.Count + route.Match.Query.Count;
}
