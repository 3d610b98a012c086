using Gatehouse.Gateway.Domain;

namespace Gatehouse.Gateway.Configuration;

/// <summary>Finds routes that never get a request, since another takes all of theirs.</summary>
internal sealed class ReachChecks(FileFaults faults)
{
    private sealed record Candidate(Entry Key, int Priority, RouteConditions Match, string Shape)
    {
        public IEnumerable<string> Hosts => Match.Hosts.Select(host => host.Text).DefaultIfEmpty("");
    }

    public void Check(IReadOnlyList<Named<Bound>> routes)
    {
        var candidates = routes.Select(CandidateOf).OfType<Candidate>()
            .OrderByDescending(candidate => candidate.Priority).ToList();
        var byShape = candidates
            .SelectMany(candidate => candidate.Hosts, (candidate, host) => (Candidate: candidate, Host: host))
            .ToLookup(one => (one.Candidate.Priority, one.Candidate.Shape, one.Host), one => one.Candidate);
        foreach (var candidate in candidates)
        {
            // Of one priority the nearer goes first: only another of the same shape and host can hide this one.
            var before = candidates.TakeWhile(other => other.Priority > candidate.Priority);
            if (before.FirstOrDefault(other => Covers(other.Match, candidate.Match)) is { } higher)
            {
                Tell(Rules.UnreachableRoute, candidate,
                    $"{higher.Key.Key} in line {higher.Key.At.Line} takes all its requests: its priority is higher",
                    $"give it a priority above {higher.Priority}, or narrow {higher.Key.Key}");
            }
            else if (byShape[(candidate.Priority, candidate.Shape, candidate.Hosts.First())]
                .FirstOrDefault(other => other != candidate && IsBefore(other, candidate)) is { } same)
            {
                Tell(Same(same.Match, candidate.Match) ? Rules.DuplicateRoute : Rules.UnreachableRoute, candidate,
                    $"{same.Key.Key} in line {same.Key.At.Line} takes all its requests",
                    "take one of them away, or give this one a higher priority");
            }
        }
    }

    /// <summary>Null while it cannot be said which requests it takes.</summary>
    private static Candidate? CandidateOf(Named<Bound> route) =>
        !route.Value.IsFaulty(RouteKeys.Priority) && route.Value.Find(RouteKeys.Match) is { } said &&
        RouteBinding.Conditions(said) is { } match
            ? new Candidate(route.Key, route.Value.Value(RouteKeys.Priority) ?? 0, match, Shape(match.Path))
            : null;

    private void Tell(Rule rule, Candidate candidate, string message, string hint) =>
        faults.Add(rule, candidate.Key.At, candidate.Key.Value.Path, message, hint);

    // As the table orders them; of two that say the same, the one that stands later in the file is told of.
    private static bool IsBefore(Candidate other, Candidate candidate)
    {
        if (!Covers(other.Match, candidate.Match))
        {
            return false;
        }

        if (!Covers(candidate.Match, other.Match))
        {
            return other.Match.Methods.Count == 0 == (candidate.Match.Methods.Count == 0) &&
                Conditions(other) == Conditions(candidate) &&
                string.CompareOrdinal(other.Key.Key, candidate.Key.Key) < 0;
        }

        return (other.Key.At.Line, other.Key.At.Column).CompareTo((candidate.Key.At.Line, candidate.Key.At.Column)) < 0;
    }

    private static int Conditions(Candidate candidate) => candidate.Match.Headers.Count + candidate.Match.Query.Count;

    private static bool Same(RouteConditions a, RouteConditions b) => Covers(a, b) && Covers(b, a);

    /// <summary>Every request of <paramref name="b"/> is one of <paramref name="a"/>.</summary>
    private static bool Covers(RouteConditions a, RouteConditions b) =>
        CoversPath(a.Path.Segments, b.Path.Segments) &&
        (a.Methods.Count == 0 || (b.Methods.Count > 0 && b.Methods.All(a.Takes))) &&
        (a.Hosts.Count == 0 ||
            (b.Hosts.Count > 0 && b.Hosts.All(host => a.Hosts.Any(other => CoversHost(other, host))))) &&
        CoversValues(a.Headers, b.Headers, StringComparison.OrdinalIgnoreCase) &&
        CoversValues(a.Query, b.Query, StringComparison.Ordinal);

    private static bool CoversPath(IReadOnlyList<PathSegment> a, IReadOnlyList<PathSegment> b)
    {
        for (var i = 0; i < a.Count; i++)
        {
            if (a[i].Kind == SegmentKind.Rest)
            {
                return true;
            }

            if (i >= b.Count || b[i].Kind == SegmentKind.Rest ||
                (a[i].Kind == SegmentKind.Literal && a[i] != b[i]) ||
                (a[i].Kind == SegmentKind.Parameter && b[i] is { Kind: SegmentKind.Literal, Text: "" }))
            {
                return false;
            }
        }

        return a.Count == b.Count;
    }

    private static bool CoversHost(HostPattern a, HostPattern b) =>
        a.Text == b.Text || (a.IsWildcard && a.Matches(b.IsWildcard ? "x" + b.Name : b.Text));

    private static bool CoversValues(
        IReadOnlyList<ValueCondition> a, IReadOnlyList<ValueCondition> b, StringComparison names) =>
        a.All(one => b.Any(other => one.Name.Equals(other.Name, names) &&
            (one.Value is null || one.Value == other.Value)));

    private static string Shape(PathPattern path) =>
        string.Join('/', path.Segments.Select(segment => segment.Kind switch
        {
            SegmentKind.Literal => segment.Text,
            SegmentKind.Parameter => "{}",
            _ => "{**}",
        }));
}
