namespace Gatehouse.Gateway.Domain;

/// <summary>What one search has come to.</summary>
internal ref struct PathSearch
{
    public RoutePlace? Found { get; private set; }

    public Captures Captures { get; private set; }

    /// <summary>Given to collect the methods of routes that match but for theirs; then nothing is found.</summary>
    public SortedSet<string>? Methods { get; init; }

    public readonly bool Wants(int rank) => Methods is not null || Found is null || rank < Found.Rank;

    /// <param name="places">In order.</param>
    public void Offer<TRequest>(
        RoutePlace[] places, scoped ref readonly TRequest request, scoped ref readonly Captures captures)
        where TRequest : struct, IRequestFacts, allows ref struct
    {
        foreach (var place in places)
        {
            if (!Wants(place.Rank))
            {
                return;
            }

            var match = place.Route.Match;
            if (Methods is not null)
            {
                if (match.Holds(in request))
                {
                    Methods.UnionWith(match.Methods);
                }
            }
            else if (match.Takes(request.Method) && match.Holds(in request))
            {
                Found = place;
                Captures = captures;
                return;
            }
        }
    }
}
