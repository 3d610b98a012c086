using Gatehouse.Foundation.Caching;

namespace Gatehouse.Foundation.Tests.Caching;

public sealed class MemoryStoreTests
{
    [Fact]
    public void What_was_read_is_spared_and_what_was_not_makes_room()
    {
        var store = new MemoryStore(entriesMax: 3, bytesMax: 1_000);
        Put(store, "a");
        Put(store, "b");
        Put(store, "c");
        store.Find("a");
        Put(store, "d");
        Put(store, "e");

        Assert.NotNull(store.Find("a"));
        Assert.Null(store.Find("b"));
        Assert.Null(store.Find("c"));
        Assert.Equal(3, store.Count);
    }

    [Fact]
    public void Bytes_are_a_bound_too_and_what_is_larger_than_all_of_it_is_not_kept()
    {
        var store = new MemoryStore(entriesMax: 100, bytesMax: 100);
        Put(store, "a", 40);
        Put(store, "b", 40);
        Put(store, "c", 40);
        Assert.Equal((2, 80), (store.Count, store.Bytes));

        Put(store, "c", 101);

        Assert.Null(store.Find("c"));
        Assert.Equal((1, 40), (store.Count, store.Bytes));
    }

    /// <summary>Against a plain dictionary: what is found is what was put last, whatever is done.</summary>
    [Fact]
    public void At_random_it_never_finds_what_was_removed_nor_passes_its_bounds()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var random = new Random(seed);
            var store = new MemoryStore(entriesMax: 20, bytesMax: 500);
            var model = new Dictionary<string, CacheEntry>();
            for (var step = 0; step < 3_000; step++)
            {
                var key = $"k{random.Next(40)}";
                switch (random.Next(20))
                {
                    case 0:
                        store.Remove(key);
                        model.Remove(key);
                        break;
                    case 1:
                        var tag = $"t{random.Next(3)}";
                        store.RemoveTag(tag);
                        model = model.Where(e => !e.Value.Tags.Contains(tag)).ToDictionary();
                        break;
                    case 2 when random.Next(50) == 0:
                        store.Clear();
                        model.Clear();
                        break;
                    case < 10:
                        model[key] = Put(store, key, random.Next(1, 60), $"t{random.Next(3)}");
                        break;
                    default:
                        if (store.Find(key) is { } found)
                        {
                            Assert.Same(model[key], found);
                        }

                        break;
                }

                Assert.InRange(store.Count, 0, 20);
                Assert.InRange(store.Bytes, 0, 500);
                var kept = Enumerable.Range(0, 40).Select(i => store.Find($"k{i}")).OfType<CacheEntry>().ToList();
                Assert.Equal((kept.Count, kept.Sum(e => e.Bytes)), (store.Count, store.Bytes));
            }
        }
    }

    private static CacheEntry<int> Put(MemoryStore store, string key, long bytes = 1, params string[] tags)
    {
        var entry = new CacheEntry<int>(key, tags, bytes, 1)
        {
            FreshUntil = TimeSpan.MaxValue,
            StaleUntil = TimeSpan.MaxValue,
            TrustedUntil = TimeSpan.MaxValue,
        };
        store.Put(entry);
        return entry;
    }
}
