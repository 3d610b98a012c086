namespace Gatehouse.Gateway.Domain;

/// <summary>
/// What the process answers itself, whatever the routes say: else a route for every path would hide how the gateway
/// does, and the way to take that route away again.
/// </summary>
internal static class OwnPaths
{
    private static readonly string[] FirstSegments = ["health", "metrics", "openapi", "docs", "gateway"];

    /// <param name="path">Canonical.</param>
    public static bool Hold(ReadOnlySpan<char> path)
    {
        var first = path.TrimStart('/');
        var end = first.IndexOf('/');
        return Names(end < 0 ? first : first[..end]);
    }

    /// <summary>Without regard to case, as this process compares its own paths.</summary>
    public static bool Names(ReadOnlySpan<char> segment)
    {
        foreach (var own in FirstSegments)
        {
            if (segment.Equals(own, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
