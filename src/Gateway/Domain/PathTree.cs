namespace Gatehouse.Gateway.Domain;

/// <summary>The paths of one host, a node a segment.</summary>
internal sealed class PathTree
{
    private readonly Dictionary<string, PathTree>.AlternateLookup<ReadOnlySpan<char>> literals;
    private readonly bool hasLiterals;
    private readonly PathTree? parameter;

    // Routes that end here, and those that take all that follows; each in order.
    private readonly RoutePlace[] ending;
    private readonly RoutePlace[] resting;

    /// <summary>Of all below here: nothing is visited that could only lose.</summary>
    private readonly int bestRank;

    private PathTree(IReadOnlyList<RoutePlace> places, int depth)
    {
        bestRank = places.Min(place => place.Rank);
        ending = [.. places.Where(place => place.Route.Match.Path.Segments.Count == depth)];
        var deeper = places.Where(place => place.Route.Match.Path.Segments.Count > depth).ToLookup(
            place => place.Route.Match.Path.Segments[depth].Kind);
        resting = [.. deeper[SegmentKind.Rest]];
        literals = deeper[SegmentKind.Literal]
            .GroupBy(place => place.Route.Match.Path.Segments[depth].Text, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => new PathTree([.. group], depth + 1), StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();
        hasLiterals = literals.Dictionary.Count > 0;
        parameter = deeper.Contains(SegmentKind.Parameter)
            ? new PathTree([.. deeper[SegmentKind.Parameter]], depth + 1)
            : null;
    }

    /// <param name="places">At least one; in order.</param>
    public static PathTree Of(IEnumerable<RoutePlace> places) => new([.. places], depth: 0);

    public void Search<TRequest>(scoped ref readonly TRequest request, ref PathSearch search)
        where TRequest : struct, IRequestFacts, allows ref struct
    {
        if (request.Path.StartsWith('/'))
        {
            Descend(in request, from: 1, default, captured: 0, ref search);
        }
    }

    /// <param name="from">Where the next segment begins; past the end of the path there is none.</param>
    private void Descend<TRequest>(
        scoped ref readonly TRequest request, int from, Captures captures, int captured, ref PathSearch search)
        where TRequest : struct, IRequestFacts, allows ref struct
    {
        if (!search.Wants(bestRank))
        {
            return;
        }

        var path = request.Path;
        if (from > path.Length)
        {
            search.Offer(ending, in request, in captures);
        }
        else
        {
            var length = path[from..].IndexOf('/');
            var end = length < 0 ? path.Length : from + length;
            if (hasLiterals && literals.TryGetValue(path[from..end], out var next))
            {
                next.Descend(in request, end + 1, captures, captured, ref search);
            }

            if (parameter is not null && end > from)
            {
                var more = captures;
                more[captured] = from..end;
                parameter.Descend(in request, end + 1, more, captured + 1, ref search);
            }
        }

        if (resting.Length > 0)
        {
            captures[captured] = Math.Min(from, path.Length)..path.Length;
            search.Offer(resting, in request, in captures);
        }
    }
}
