using Gatehouse.Foundation.Configuration;

namespace Gatehouse.Foundation.Caching;

/// <summary>The cache in memory; with Redis it is the first of two levels.</summary>
[Section("Cache")]
public sealed class CachingOptions
{
    [Setting("Entries in memory at most; then what was not used of late makes room.", Min = 1, Max = 10_000_000)]
    public int EntriesMax { get; set; } = 10_000;

    [Setting("Bytes in memory at most, as estimated from the length of keys and values.",
        Min = 1_000, Max = 100_000_000_000)]
    public long BytesMax { get; set; } = 67_108_864;

    [Setting("Bytes of one value in JSON at most; a longer one is answered and not kept.",
        Min = 100, Max = 100_000_000)]
    public int ValueBytesMax { get; set; } = 1_048_576;

    [Setting("Seconds from one removal of lapsed entries to the next.", Min = 1, Max = 3600)]
    public int SweepSeconds { get; set; } = 30;

    [Setting(
        "With Redis: seconds an entry in memory is believed before Redis is asked again; the longest that a change " +
        "made by another instance can go unnoticed.",
        Min = 1, Max = 3600)]
    public int LocalSeconds { get; set; } = 5;

    [Setting("Seconds a value may take to load.", Min = 1, Max = 300)]
    public int LoadSeconds { get; set; } = 10;
}
