using Microsoft.AspNetCore.Http;

namespace Gatehouse.Gateway.Caching;

/// <summary>By which headers of the request the answers at one address differ, and which of them are kept.</summary>
internal sealed class Variants(IReadOnlyList<string> names)
{
    public const int CountMax = 50;

    private const int ValuesMax = 256;
    private const string Absent = "\u0001";

    private readonly Lock gate = new();
    private readonly Queue<string> keys = new();

    public IReadOnlyList<string> Names => names;

    public string KeyOf(string key, IHeaderDictionary request)
    {
        var values = string.Join('\n', names.Select(name => ValueOf(request, name)));
        var said = values.Length <= ValuesMax ? "=" + values : "#" + CacheRequest.HashOf(values);
        return $"{key}\n{string.Join(',', names)}\n{said}";
    }

    /// <summary>Notes one more; null, or the one that has to make room for it.</summary>
    public string? Add(string key)
    {
        lock (gate)
        {
            if (keys.Contains(key))
            {
                return null;
            }

            keys.Enqueue(key);
            return keys.Count > CountMax ? keys.Dequeue() : null;
        }
    }

    // Lines and spaces make no difference (RFC 9111, 4.1).
    private static string ValueOf(IHeaderDictionary request, string name) =>
        request.TryGetValue(name, out var lines)
            ? string.Join(',', lines.SelectMany(line => (line ?? "").Split(',', StringSplitOptions.TrimEntries)))
            : Absent;
}
