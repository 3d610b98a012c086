namespace Gatehouse.Gateway.Domain;

/// <summary>All of them must hold. An empty list asks nothing.</summary>
internal sealed record RouteConditions
{
    public IReadOnlyList<HostPattern> Hosts { get; init; } = [];

    public required PathPattern Path { get; init; }

    /// <summary>GET takes HEAD with it.</summary>
    public IReadOnlyList<string> Methods { get; init; } = [];

    public IReadOnlyList<ValueCondition> Headers { get; init; } = [];

    public IReadOnlyList<ValueCondition> Query { get; init; } = [];

    public bool Takes(string method)
    {
        if (Methods.Count == 0)
        {
            return true;
        }

        for (var i = 0; i < Methods.Count; i++)
        {
            if (Methods[i] == method || (Methods[i] == "GET" && method == "HEAD"))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What neither host, path nor method says.</summary>
    public bool Holds<TRequest>(scoped ref readonly TRequest request)
        where TRequest : struct, IRequestFacts, allows ref struct
    {
        for (var i = 0; i < Headers.Count; i++)
        {
            if (!request.HasHeader(Headers[i].Name, Headers[i].Value))
            {
                return false;
            }
        }

        for (var i = 0; i < Query.Count; i++)
        {
            if (!request.HasQuery(Query[i].Name, Query[i].Value))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>A header or a parameter of the query.</summary>
/// <param name="Name">Headers are compared without regard to case, parameters with it.</param>
/// <param name="Value">Exactly; null: that it is there is enough.</param>
internal sealed record ValueCondition(string Name, string? Value);
