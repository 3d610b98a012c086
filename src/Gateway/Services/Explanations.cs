using Gatehouse.Gateway.Destinations;
using Gatehouse.Gateway.Domain;
using Gatehouse.Kernel;

namespace Gatehouse.Gateway.Services;

/// <summary>Says what would become of a request, without sending one.</summary>
internal sealed class Explanations(Snapshots snapshots, Memberships memberships)
{
    private const int OthersMax = 100;

    public Result<Explanation> Explain(ExplainRequest asked)
    {
        var faults = new Faults();
        var method = faults.Text("method", asked.Method ?? "GET", 1, 20).ToUpperInvariant();
        var path = faults.Text("path", asked.Path, 1, 4_096);
        var host = faults.Text("host", asked.Host ?? "", 0, 260);
        faults.Require(path.Length == 0 || path[0] == '/', "path", "must begin with /");
        if (faults.Any)
        {
            return faults.ToProblem();
        }

        var snapshot = snapshots.Current;
        var request = new SaidRequest(method, host, path, asked.Headers ?? new Dictionary<string, string>());
        var match = snapshot.Routes.Match(in request);
        return new Explanation(
            snapshot.Revision,
            match.Route is null ? Missing(snapshot, in request) : null,
            match.Route is { } route ? RouteView.Of(route, Place(snapshot, route)) : null,
            Parameters(match, request.Canonical),
            match.Route is { } taken && memberships.Find(taken.Cluster.Id) is { } members
                ? [.. DestinationView.Of(members.Describe())]
                : [],
            Others(snapshot, match.Route, in request));
    }

    private static int Place(Snapshot snapshot, Route route) =>
        snapshot.Routes.Routes.TakeWhile(other => other != route).Count();

    private static string Missing(Snapshot snapshot, ref readonly SaidRequest request)
    {
        var allowed = snapshot.Routes.Allowed(in request);
        return allowed.Count == 0
            ? "404: no route takes it"
            : $"405: routes take {string.Join(", ", allowed)}";
    }

    private static Dictionary<string, string> Parameters(RouteMatch match, string path)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in match.Route?.Match.Path.Parameters ?? [])
        {
            values[name] = match.Value(path, name).ToString();
        }

        return values;
    }

    // Those first that came nearest: they took it too, then those that lacked least.
    private static IReadOnlyList<OtherRoute> Others(
        Snapshot snapshot, Route? taken, ref readonly SaidRequest request)
    {
        var others = new List<(int Far, OtherRoute Route)>();
        foreach (var route in snapshot.Routes.Routes)
        {
            if (route != taken)
            {
                var reason = RouteReasons.WhyNot(route, in request);
                others.Add((Far(reason), new OtherRoute(route.Id, reason ?? $"{taken!.Id} goes before it")));
            }
        }

        return [.. others.OrderBy(other => other.Far).Take(OthersMax).Select(other => other.Route)];
    }

    private static int Far(string? reason) => reason?.Split(':')[0] switch
    {
        null => 0,
        "query" or "header" => 1,
        "method" => 2,
        "path" => 3,
        _ => 4,
    };

    private readonly struct SaidRequest(
        string method, string host, string path, IReadOnlyDictionary<string, string> headers) : IRequestFacts
    {
        private readonly string[] query = path.Split('?', 2) is [_, var asked] ? asked.Split('&') : [];

        public string Canonical { get; } = path.Split('?')[0];

        public ReadOnlySpan<char> Host => HostPattern.NameOf(host);

        public ReadOnlySpan<char> Path => Canonical;

        public string Method => method;

        public bool HasHeader(string name, string? value) => headers.Any(header =>
            header.Key.Equals(name, StringComparison.OrdinalIgnoreCase) && (value is null || header.Value == value));

        public bool HasQuery(string name, string? value) => query.Select(pair => pair.Split('=', 2)).Any(pair =>
            Uri.UnescapeDataString(pair[0]) == name &&
            (value is null || Uri.UnescapeDataString(pair.ElementAtOrDefault(1) ?? "") == value));
    }
}

/// <param name="Method">GET unless said.</param>
/// <param name="Host">With or without port; may be absent.</param>
/// <param name="Path">In canonical form, with the query.</param>
internal sealed record ExplainRequest(
    string? Method = null, string? Host = null, string? Path = null, Dictionary<string, string>? Headers = null);

/// <summary>What would become of a request.</summary>
/// <param name="Revision">In force.</param>
/// <param name="Answer">Of the gateway itself, where no route takes it.</param>
/// <param name="Route">That takes it, with what it meets there.</param>
/// <param name="Parameters">Of the path.</param>
/// <param name="Destinations">Of which it would go to one that takes requests; why the others do not.</param>
/// <param name="Others">Why not they: the hundred that came nearest.</param>
internal sealed record Explanation(
    long Revision,
    string? Answer,
    RouteView? Route,
    IReadOnlyDictionary<string, string> Parameters,
    IReadOnlyList<DestinationView> Destinations,
    IReadOnlyList<OtherRoute> Others);

/// <param name="Reason">The first condition that did not hold, or which route goes before it.</param>
internal sealed record OtherRoute(string Route, string Reason);
