using System.Collections.Concurrent;

namespace Gatehouse.Foundation.Caching;

/// <summary>
/// Entries in memory, bounded in number and in bytes. What makes room is chosen by SIEVE (Zhang et al., "SIEVE is
/// Simpler than LRU", NSDI '24): a queue in order of arrival and a hand that goes from the oldest to the newest, spares
/// what was read since it last came by, and evicts what was not. A hit moves nothing, so reading takes no lock.
/// </summary>
public sealed class MemoryStore(int entriesMax, long bytesMax)
{
    private readonly ConcurrentDictionary<string, CacheEntry> entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<CacheEntry>> byTag = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private CacheEntry? newest;
    private CacheEntry? oldest;
    private CacheEntry? hand;
    private int count;

    public int Count => count;

    public long Bytes { get; private set; }

    public CacheEntry? Find(string key)
    {
        if (entries.TryGetValue(key, out var entry) && !entry.Visited)
        {
            entry.Visited = true;
        }

        return entry;
    }

    public void Put(CacheEntry entry)
    {
        lock (gate)
        {
            Drop(entry.Key);
            if (entry.Bytes > bytesMax)
            {
                return;
            }

            while (count >= entriesMax || Bytes + entry.Bytes > bytesMax)
            {
                Evict();
            }

            entry.Older = newest;
            _ = newest is null ? oldest = entry : newest.Newer = entry;
            newest = entry;
            count++;
            Bytes += entry.Bytes;
            foreach (var tag in entry.Tags)
            {
                if (!byTag.TryGetValue(tag, out var tagged))
                {
                    byTag[tag] = tagged = [];
                }

                tagged.Add(entry);
            }

            entries[entry.Key] = entry;
        }
    }

    public void Remove(string key)
    {
        lock (gate)
        {
            Drop(key);
        }
    }

    public void RemoveTag(string tag)
    {
        lock (gate)
        {
            if (byTag.TryGetValue(tag, out var tagged))
            {
                foreach (var entry in tagged.ToArray())
                {
                    Drop(entry.Key);
                }
            }
        }
    }

    /// <summary>Looks at every entry: for what is seldom wanted.</summary>
    public int RemoveWhere(Func<CacheEntry, bool> which)
    {
        var removed = 0;
        foreach (var (key, seen) in entries)
        {
            if (!which(seen))
            {
                continue;
            }

            lock (gate)
            {
                if (entries.TryGetValue(key, out var entry) && entry == seen)
                {
                    Drop(key);
                    removed++;
                }
            }
        }

        return removed;
    }

    public void Clear()
    {
        lock (gate)
        {
            entries.Clear();
            byTag.Clear();
            newest = oldest = hand = null;
            count = 0;
            Bytes = 0;
        }
    }

    /// <summary>Removes what is of no use any more.</summary>
    public void Sweep(TimeSpan now)
    {
        foreach (var (key, seen) in entries)
        {
            if (seen.StaleUntil > now)
            {
                continue;
            }

            lock (gate)
            {
                if (entries.TryGetValue(key, out var entry) && entry == seen)
                {
                    Drop(key);
                    CacheMeter.Evictions.Add(1, CacheMeter.Lapsed);
                }
            }
        }
    }

    private void Evict()
    {
        var entry = hand ?? oldest!;
        while (entry.Visited)
        {
            entry.Visited = false;
            entry = entry.Newer ?? oldest!;
        }

        hand = entry;
        Drop(entry.Key);
        CacheMeter.Evictions.Add(1, CacheMeter.Full);
    }

    private void Drop(string key)
    {
        if (!entries.TryRemove(key, out var entry))
        {
            return;
        }

        if (hand == entry)
        {
            hand = entry.Newer;
        }

        _ = entry.Older is null ? oldest = entry.Newer : entry.Older.Newer = entry.Newer;
        _ = entry.Newer is null ? newest = entry.Older : entry.Newer.Older = entry.Older;
        count--;
        Bytes -= entry.Bytes;
        foreach (var tag in entry.Tags)
        {
            if (byTag.TryGetValue(tag, out var tagged) && tagged.Remove(entry) && tagged.Count == 0)
            {
                byTag.Remove(tag);
            }
        }
    }
}
