namespace Gatehouse.Foundation.Caching;

/// <summary>A value in memory, until when it holds, and its place in the queue of the store.</summary>
/// <param name="key">Of <see cref="ICache.Get{T}"/>.</param>
/// <param name="tags">Of its policy.</param>
/// <param name="bytes">Estimated.</param>
public abstract class CacheEntry(string key, IReadOnlyList<string> tags, long bytes)
{
    public string Key { get; } = key;

    public IReadOnlyList<string> Tags { get; } = tags;

    public long Bytes { get; } = bytes;

    /// <summary>From then on it is stale.</summary>
    public required TimeSpan FreshUntil { get; init; }

    /// <summary>From then on it is nothing.</summary>
    public required TimeSpan StaleUntil { get; init; }

    /// <summary>From then on Redis must be asked whether it still holds.</summary>
    public required TimeSpan TrustedUntil { get; init; }

    /// <summary>When a stale one may be loaded anew: not at once after that failed.</summary>
    public TimeSpan RefreshFrom { get; set; }

    public bool Visited { get; set; }

    public CacheEntry? Newer { get; set; }

    public CacheEntry? Older { get; set; }
}

internal sealed class CacheEntry<T>(string key, IReadOnlyList<string> tags, long bytes, T value)
    : CacheEntry(key, tags, bytes)
{
    public T Value { get; } = value;
}
