namespace Gatehouse.Gateway.Domain;

/// <summary>
/// What the process answers itself, whatever the routes say: else a route for every path would hide how the gateway
/// does, and the way to take that route away again.
/// </summary>
internal static class OwnPaths
{
    public static readonly IReadOnlyList<string> FirstSegments = ["health", "gateway"];

    /// <param name="path">Canonical.</param>
    public static bool Hold(ReadOnlySpan<char> path) => IsBelow(path, "/health") || IsBelow(path, "/gateway");

    private static bool IsBelow(ReadOnlySpan<char> path, ReadOnlySpan<char> own) =>
        path.StartsWith(own, StringComparison.Ordinal) && (path.Length == own.Length || path[own.Length] == '/');
}
