using System.Text.Json.Serialization.Metadata;

namespace Gatehouse.Foundation.Caching;

/// <summary>
/// What was loaded once, kept for a while: in memory, and with Redis for all instances together. However many ask at
/// once, one loads. Whatever happens to Redis, an answer comes from the loader at worst.
/// </summary>
public interface ICache
{
    /// <summary>The value kept under the key, else what <paramref name="load"/> brings, which is then kept.</summary>
    /// <param name="key">
    /// Names the value, its version and whom it is for, such as <c>ticketing.event.1:summer-fair</c>.
    /// </param>
    /// <param name="policy">Say the same for the same key each time.</param>
    /// <param name="json">How it is written to Redis and measured. The object itself is handed to many: an immutable
    /// record, or null.</param>
    /// <param name="load">
    /// Runs on after its caller has gone, for those who wait with it: it may use nothing that belongs to one request.
    /// What it throws goes to all who wait and is not kept.
    /// </param>
    /// <param name="cancellation">Ends the wait of this caller only.</param>
    ValueTask<T> Get<T>(
        string key,
        CachePolicy policy,
        JsonTypeInfo<T> json,
        Func<CancellationToken, ValueTask<T>> load,
        CancellationToken cancellation);

    /// <summary>
    /// Forgets everything with the tag, here at once and in other instances a moment later; while they cannot be
    /// reached, within <see cref="CachingOptions.LocalSeconds"/> of Redis being back. Call it after the commit.
    /// </summary>
    ValueTask Invalidate(string tag);

    /// <summary>The same for one key.</summary>
    ValueTask Remove(string key);
}

/// <summary>How long a value is kept, and with what it is forgotten.</summary>
/// <param name="Ttl">Fresh for at most so long, up to a day; up to a tenth less, so that not all lapse at once.</param>
public sealed record CachePolicy(TimeSpan Ttl)
{
    public const int TagsMax = 8;
    public const int TagLengthMax = 100;
    private static readonly TimeSpan LifeMax = TimeSpan.FromDays(1);

    public TimeSpan Ttl { get; } = Ttl > TimeSpan.Zero && Ttl <= LifeMax
        ? Ttl
        : throw new ArgumentOutOfRangeException(nameof(Ttl), "A value is kept for more than nothing and up to a day.");

    /// <summary>After that it is still answered for so long, while one loads it anew.</summary>
    public TimeSpan StaleFor
    {
        get;
        init => field = value >= TimeSpan.Zero && value <= LifeMax
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), "Stale for at most a day.");
    }

    /// <summary>Names to forget it by, such as <c>event:0198…</c>; at most <see cref="TagsMax"/>.</summary>
    public IReadOnlyList<string> Tags
    {
        get;
        init
        {
            if (value.Count > TagsMax)
            {
                throw new ArgumentException($"At most {TagsMax} tags.", nameof(value));
            }

            foreach (var tag in value)
            {
                RequireTag(tag);
            }

            field = value;
        }
    } = [];

    internal static void RequireTag(string tag)
    {
        if (tag.Length is 0 or > TagLengthMax || tag == RedisStore.Everything)
        {
            throw new ArgumentException($"A tag has 1 to {TagLengthMax} characters.", nameof(tag));
        }
    }
}
