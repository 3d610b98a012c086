using Gatehouse.Foundation.Caching;

namespace Gatehouse.Gateway.Caching;

/// <summary>What is under a key in memory: an answer, or by what answers differ, or that there is none to keep.</summary>
internal sealed class CacheSlot(string key, IReadOnlyList<string> tags, long bytes) : CacheEntry(key, tags, bytes)
{
    private const int SlotBytes = 700;

    public StoredAnswer? Answer { get; init; }

    public Variants? Variants { get; init; }

    public CachePlace? Place { get; init; }

    /// <summary>What came last was not to be kept: nobody waits for the next.</summary>
    public bool IsPass => Answer is null && Variants is null;

    public static CacheSlot Of(string key, CachePlace place, StoredAnswer answer, TimeSpan until) =>
        new(key, [place.Text], SizeOf(key, answer))
        {
            Answer = answer,
            Place = place,
            FreshUntil = until,
            StaleUntil = until,
            TrustedUntil = TimeSpan.MaxValue,
        };

    public static CacheSlot Of(string key, CachePlace place, Variants? variants, TimeSpan until) =>
        new(key, [place.Text], SlotBytes + (2L * key.Length))
        {
            Variants = variants,
            Place = place,
            FreshUntil = until,
            StaleUntil = until,
            TrustedUntil = TimeSpan.MaxValue,
        };

    private static long SizeOf(string key, StoredAnswer answer) => SlotBytes + (2L * key.Length) + answer.Body.Length +
        answer.Headers.Sum(header => 64 + (2L * header.Key.Length) + header.Value.Sum(value => 32 + (2L * value?.Length)))
            .GetValueOrDefault();
}
