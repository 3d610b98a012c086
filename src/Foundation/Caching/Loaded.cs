using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Gatehouse.Foundation.Caching;

/// <summary>A value on its way into the cache.</summary>
/// <param name="Value">May be null.</param>
/// <param name="JsonBytes">Its size as JSON.</param>
/// <param name="FreshFor">From now; not above zero when it is stale.</param>
/// <param name="StaleFor">After that.</param>
internal readonly record struct Loaded<T>(T Value, int JsonBytes, TimeSpan FreshFor, TimeSpan StaleFor)
{
    private const double JitterMax = 0.1;

    /// <summary>Gives up with the token even when the loader does not listen to it.</summary>
    public static async Task<T> Load(Func<CancellationToken, ValueTask<T>> load, CancellationToken cancellation)
    {
        CacheMeter.Misses.Add(1);
        return await load(cancellation).AsTask().WaitAsync(cancellation);
    }

    public static Loaded<T> Of(T value, CachePolicy policy, JsonTypeInfo<T> json, out byte[] text)
    {
        text = JsonSerializer.SerializeToUtf8Bytes(value, json);
        var early = Random.Shared.NextDouble() * JitterMax;
        return new Loaded<T>(value, text.Length, policy.Ttl * (1 - early), policy.StaleFor);
    }

    /// <summary>False when it was written in another form, by another version of the program.</summary>
    public static bool TryRead(SharedEntry entry, JsonTypeInfo<T> json, out Loaded<T> found)
    {
        try
        {
            var value = JsonSerializer.Deserialize(entry.Json.Span, json);
            found = new Loaded<T>(value!, entry.Json.Length, entry.FreshFor, entry.StaleFor);
            return true;
        }
        catch (JsonException)
        {
            found = default;
            return false;
        }
    }
}
