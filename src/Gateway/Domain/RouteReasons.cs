namespace Gatehouse.Gateway.Domain;

/// <summary>Why a route does not take a request.</summary>
internal static class RouteReasons
{
    /// <summary>The first condition that does not hold; null when all do.</summary>
    public static string? WhyNot<TRequest>(Route route, scoped ref readonly TRequest request)
        where TRequest : struct, IRequestFacts, allows ref struct
    {
        var match = route.Match;
        if (match.Hosts.Count > 0 && !HasHost(match.Hosts, request.Host))
        {
            return $"host: it takes {string.Join(", ", match.Hosts)}";
        }

        if (!Takes(match.Path, request.Path))
        {
            return $"path: it takes {match.Path}";
        }

        if (!match.Takes(request.Method))
        {
            return $"method: it takes {string.Join(", ", match.Methods)}";
        }

        foreach (var header in match.Headers)
        {
            if (!request.HasHeader(header.Name, header.Value))
            {
                return $"header: it takes {header.Name}{(header.Value is null ? "" : $": {header.Value}")}";
            }
        }

        foreach (var parameter in match.Query)
        {
            if (!request.HasQuery(parameter.Name, parameter.Value))
            {
                return $"query: it takes {parameter.Name}{(parameter.Value is null ? "" : $"={parameter.Value}")}";
            }
        }

        return null;
    }

    private static bool HasHost(IReadOnlyList<HostPattern> hosts, ReadOnlySpan<char> host)
    {
        foreach (var pattern in hosts)
        {
            if (pattern.Matches(host))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Takes(PathPattern pattern, ReadOnlySpan<char> path)
    {
        var parts = path.ToString().Split('/');
        var segments = pattern.Segments;
        for (var i = 0; i < segments.Count; i++)
        {
            var sent = parts.ElementAtOrDefault(i + 1);
            switch (segments[i].Kind)
            {
                case SegmentKind.Rest:
                    return true;
                case SegmentKind.Literal when sent != segments[i].Text:
                case SegmentKind.Parameter when string.IsNullOrEmpty(sent):
                    return false;
            }
        }

        return parts.Length == segments.Count + 1;
    }
}
