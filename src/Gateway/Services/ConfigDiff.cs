using System.Text.Json.Nodes;

namespace Gatehouse.Gateway.Services;

/// <summary>What differs between two documents, by path.</summary>
internal static class ConfigDiff
{
    /// <summary>Further ones are counted only.</summary>
    public const int ListedMax = 1_000;

    public static (IReadOnlyList<ConfigDifference> Listed, int Count) Of(JsonNode? before, JsonNode? after)
    {
        var found = new List<ConfigDifference>();
        Compare("", before, after, found);
        return (found.Count > ListedMax ? found[..ListedMax] : found, found.Count);
    }

    private static void Compare(string path, JsonNode? before, JsonNode? after, List<ConfigDifference> found)
    {
        if (before is JsonObject old && after is JsonObject now)
        {
            foreach (var name in old.Select(one => one.Key).Union(now.Select(one => one.Key), StringComparer.Ordinal))
            {
                Compare(path.Length == 0 ? name : $"{path}.{name}", old[name], now[name], found);
            }
        }
        else if (!JsonNode.DeepEquals(before, after))
        {
            found.Add(new ConfigDifference(path, before?.DeepClone(), after?.DeepClone()));
        }
    }
}

/// <param name="Path">Such as <c>routes.orders.deadline</c>.</param>
/// <param name="Before">Absent where it was not there.</param>
/// <param name="After">Absent where it is no longer there.</param>
internal sealed record ConfigDifference(string Path, JsonNode? Before, JsonNode? After);
